// Results that are exchanged without leaving the page ([data-results]): what the reader opened stays open, the field
// says what was searched for, and the focus is never lost.
let opened = new Map();
let focused = "";

const remember = () => {
  opened = new Map();
  focused = document.activeElement?.id ?? "";
  for (const part of document.querySelectorAll("[data-results] details[id]")) opened.set(part.id, part.open);
};

const restore = () => {
  const results = document.querySelector("[data-results]");
  if (!results) return;
  for (const part of results.querySelectorAll("details[id]")) {
    if (opened.has(part.id)) part.open = opened.get(part.id);
  }
  if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
  const field = document.querySelector("#q");
  if (field && field !== document.activeElement) field.value = results.dataset.typed;
};

const keepFocus = () => {
  if (document.activeElement === document.body) document.querySelector("#found")?.focus({ preventScroll: true });
};

// An answer that cannot be shown in its place is opened as a page, which says what is wrong.
const openInstead = (event) => {
  const { requestConfig, pathInfo } = event.detail;
  if (requestConfig.verb === "get") window.location.assign(pathInfo.finalRequestPath);
};

export const follow = () => {
  document.addEventListener("htmx:beforeSwap", remember);
  document.addEventListener("htmx:afterSwap", restore);
  document.addEventListener("htmx:afterSettle", keepFocus);
  document.addEventListener("htmx:responseError", openInstead);
  document.addEventListener("htmx:sendError", openInstead);
};
