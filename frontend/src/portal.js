// Small conveniences. Every page works without them.
import "bootstrap/js/src/dropdown.js";
import "bootstrap/js/src/collapse.js";
import htmx from "htmx.org";
import { askQuestions } from "./questions.js";
import { autosave } from "./autosave.js";
import { follow } from "./results.js";
import { suggest } from "./suggestions.js";

// The policy of the pages allows neither eval nor styles written by a script.
Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true, // going back asks for the whole page, as without a script
});

const foldMenu = () => {
  const toggle = document.querySelector(".site-nav__toggle");
  if (!toggle) return;
  toggle.addEventListener("click", () => {
    toggle.setAttribute("aria-expanded", String(toggle.getAttribute("aria-expanded") !== "true"));
  });
};

// An error summary is read first, wherever the page was.
const showErrors = (root) => {
  root.querySelector?.("[data-error-summary]")?.focus();
};

// A second click must not send a form twice; the server refuses it too.
const guardDoubleSubmission = (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 5000);
};

// Filters that say so apply themselves when a choice changes.
const submitOnChange = (event) => {
  const form = event.target.form; // also of a field that stands outside its form
  if (form?.matches("[data-submit-on-change]") && event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
};

const warnOfUnsaved = () => {
  const forms = [...document.querySelectorAll("form[data-warn-unsaved]")];
  let changed = false;
  for (const form of forms) {
    form.addEventListener("input", () => (changed = true));
    form.addEventListener("submit", () => (changed = false));
  }
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
};

const begin = () => {
  foldMenu();
  showErrors(document);
  if (document.querySelector("form[data-warn-unsaved]")) warnOfUnsaved();
  for (const field of document.querySelectorAll("[data-suggestions]")) suggest(field);
  for (const form of document.querySelectorAll("form[data-questions]")) askQuestions(form);
  for (const form of document.querySelectorAll("form[data-autosave]")) autosave(form);
  for (const element of document.querySelectorAll("[data-print]")) {
    element.hidden = false;
    element.addEventListener("click", () => window.print());
  }
};

document.addEventListener("submit", guardDoubleSubmission);
document.addEventListener("change", submitOnChange);
document.addEventListener("htmx:afterSwap", (event) => showErrors(event.target));
follow();
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
