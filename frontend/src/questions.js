// The questions of an application. The server decides what applies and keeps what was typed; this shows it at once.

const answersTo = (form, name) => {
  const fields = [...form.elements].filter((field) => field.name === name && !field.closest(".field")?.hidden);
  return fields.filter((field) => !/^(radio|checkbox)$/.test(field.type) || field.checked).map((field) => field.value);
};

// In the order of the page: a question that depends on a hidden one is hidden too.
const showWhatApplies = (form) => {
  for (const part of form.querySelectorAll("[data-shown-if]")) {
    const wanted = part.dataset.shownFor.split(" ");
    part.closest(".field").hidden = !answersTo(form, part.dataset.shownIf).some((answer) => wanted.includes(answer));
  }
};

// One more row, from the template that the page brings.
const addRow = (button) => {
  const table = button.closest("[data-growing-table]");
  const body = table.querySelector("tbody");
  const place = body.rows.length;
  const blank = table.querySelector("template").innerHTML;
  body.insertAdjacentHTML("beforeend", blank.replaceAll("__place__", place).replaceAll("__number__", place + 1));
  body.lastElementChild.querySelector("input").focus();
  button.hidden = place + 1 >= Number(table.dataset.most);
};

export const askQuestions = (form) => {
  form.addEventListener("change", () => showWhatApplies(form));
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add-row]");
    if (!button) return;
    event.preventDefault();
    addRow(button);
  });
  showWhatApplies(form);
};
