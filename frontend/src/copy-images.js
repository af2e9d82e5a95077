// Copies the images beside the stylesheet.
import { cpSync } from "node:fs";

cpSync("src/images", "dist", { recursive: true });
