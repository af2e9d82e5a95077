// The panel of a round: running totals and the budget line follow the amounts while they are typed.
// The server adds up in the same way when "Recalculate" is pressed; without this script that is how it is done.

const AMOUNT = /^(\d{1,13}|\d{1,3}(,\d{3}){1,4})(\.\d{1,2})?$/; // as MoneyField of the server takes it

/** Returns fen, so that sums are exact; nothing where no amount is written. */
function fen(text: string): bigint {
  const written = text.trim();
  if (!AMOUNT.test(written)) return 0n;
  const [yuan, rest = ""] = written.replace(/,/g, "").split(".");
  return BigInt(yuan) * 100n + BigInt(rest.padEnd(2, "0"));
}

/** Writes fen as the page writes yuan. */
function yuan(amount: bigint): string {
  const whole = amount < 0n ? -amount : amount;
  const grouped = (whole / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return `${amount < 0n ? "−" : ""}${grouped}.${(whole % 100n).toString().padStart(2, "0")}`;
}

function draw(form: HTMLFormElement): void {
  const left = signed(form.dataset.left ?? "");
  let running = 0n;
  let first: HTMLTableRowElement | null = null;
  for (const row of form.querySelectorAll<HTMLTableRowElement>("tr[data-row]")) {
    const field = row.querySelector<HTMLInputElement>("input.panel__amount");
    running += fen(row.dataset.amount ?? field?.value ?? "");
    if (first === null && running > left) first = row;
    row.classList.toggle("is-below", first !== null);
    write(row.querySelector("[data-running]"), yuan(running));
  }
  form.querySelector("tr[data-line]")?.remove();
  const line = form.querySelector<HTMLTemplateElement>("template[data-line-template]");
  if (first !== null && line !== null) first.before(line.content.cloneNode(true));
  write(form.querySelector("[data-total]"), yuan(running));
  write(form.querySelector("[data-remaining]"), yuan(left - running));
}

function signed(text: string): bigint {
  return text.startsWith("-") ? -fen(text.slice(1)) : fen(text);
}

function write(place: Element | null, text: string): void {
  if (place !== null && place.textContent !== text) place.textContent = text;
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-panel]")) {
  form.addEventListener("input", () => draw(form));
}
