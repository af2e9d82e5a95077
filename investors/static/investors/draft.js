// Keeps what an officer types of an answer ([data-draft]): one request at a time, and never over a newer version.
// Whatever happens, what was typed stays in the page; without a script the button beside it does the same.
(() => {
  const WAIT = 1500;
  const RETRY = 6000;
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const text = form.elements["answer-text"];
  const version = form.elements["answer-version"];
  const status = form.querySelector("[data-draft-status]");
  let saved = text.value;
  let timer;
  let running = false;
  let stopped = false;

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };

  async function save() {
    if (running || stopped || text.value === saved) return;
    running = true;
    const sent = text.value;
    const body = new URLSearchParams();
    for (const name of ["csrfmiddlewaretoken", "answer-text", "answer-version"]) body.set(name, form.elements[name].value);
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        redirect: "manual",
      });
      if (answer.type === "opaqueredirect" || answer.status >= 500) throw new Error("lost");
      const told = await answer.json();
      status.textContent = told.words;
      if (answer.ok) {
        version.value = String(told.version);
        saved = sent;
      } else {
        stopped = answer.status === 409; // the button beside it shows both texts
      }
    } catch {
      status.textContent = form.dataset.lost;
      later(RETRY);
    } finally {
      running = false;
    }
    if (!stopped && text.value !== saved && text.value !== sent) later(WAIT);
  }

  text.addEventListener("input", () => later(WAIT));
  form.addEventListener("submit", () => {
    stopped = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) save();
  });
})();
