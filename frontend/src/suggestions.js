// A search field that proposes while someone types: the combobox pattern of ARIA. Without it the form searches as well.
const WAIT = 200;

export const suggest = (field) => {
  const list = document.getElementById(field.dataset.list);
  const status = document.getElementById(field.dataset.status);
  let timer, request, shownFor;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const current = () => list.querySelector("[aria-selected=true]");

  const choose = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    if (option) {
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  };

  const close = () => {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    choose();
  };

  const open = () => {
    if (!options().length) return close();
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
  };

  const move = (by) => {
    const all = options();
    const place = all.indexOf(current());
    const next = by < 0 && place < 0 ? all.length - 1 : place + by;
    choose(all[next]); // beyond the ends nothing is chosen: the field has what was typed
  };

  const ask = async () => {
    const typed = field.value.trim();
    if (!typed) return close();
    request?.abort();
    request = new AbortController();
    try {
      const answer = await fetch(`${field.dataset.suggestions}?q=${encodeURIComponent(typed)}`, {
        signal: request.signal,
        headers: { Accept: "text/html" },
      });
      if (!answer.ok) return close();
      list.innerHTML = await answer.text();
      shownFor = typed;
      status.textContent = list.querySelector("[data-announce]")?.dataset.announce ?? "";
      open();
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // Enter and arrows belong to the input method
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden && shownFor !== field.value.trim()) ask();
      else if (list.hidden) open();
      else move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !list.hidden && current()) {
      event.preventDefault();
      window.location.assign(current().dataset.url);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Tab") close();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) window.location.assign(option.dataset.url);
  });
  field.addEventListener("blur", close);
  field.form.addEventListener("submit", close);
};
