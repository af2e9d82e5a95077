// A form that saves itself while someone writes ([data-autosave]): one request at a time, and never over a newer
// version. Where somebody else saved meanwhile, both texts are brought together answer by answer; only where both
// changed the same answer the writer chooses. Whatever happens, what was typed stays in the page.
const WAIT = 1500;
const RETRY = [3000, 6000, 15000, 30000];
const ASK = 15000;
const OWN = new Set(["csrfmiddlewaretoken", "version"]);

// What the form holds, question by question: for the element of each, the names and texts of its controls.
const read = (form) => {
  const found = new Map();
  for (const [name, text] of new FormData(form)) {
    if (OWN.has(name) || typeof text !== "string" || !text) continue;
    const place = placeOf(form, name);
    found.set(place, [...(found.get(place) ?? []), [name, text.replace(/\r\n/g, "\n")]]);
  }
  return found;
};

const controls = (form, name) => [...form.elements].filter((control) => control.name === name);
const placeOf = (form, name) => controls(form, name)[0]?.closest(".field[id]")?.id ?? name;
const same = (one, other) => JSON.stringify(one ?? []) === JSON.stringify(other ?? []);
const places = (...maps) => new Set(maps.flatMap((map) => [...map.keys()]));
const changed = (one, other) => [...places(one, other)].some((place) => !same(one.get(place), other.get(place)));
const elementOf = (form, place) => form.querySelector(`#${CSS.escape(place)}`);

// Takes over a question from the other's page, and leaves the focus where it was.
const put = (form, other, place) => {
  const mine = elementOf(form, place);
  const theirs = elementOf(other, place);
  if (!mine || !theirs) return;
  const focused = mine.contains(document.activeElement) ? document.activeElement.id : "";
  mine.replaceWith(document.importNode(theirs, true));
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
};

// An answer as a reader reads it: the words beside what is ticked, or the texts themselves.
const inWords = (form, pairs = []) =>
  pairs
    .map(([name, text]) => {
      const control = controls(form, name).find((one) => one.value === text || !["checkbox", "radio"].includes(one.type));
      if (["checkbox", "radio"].includes(control?.type)) return control.labels?.[0]?.textContent.trim() ?? text;
      return [...(control?.options ?? [])].find((option) => option.value === text)?.textContent ?? text;
    })
    .join("\n");

export const autosave = (form) => {
  const words = form.dataset;
  const status = form.querySelector("[data-autosave-status]");
  const door = form.querySelector("[data-autosave-sign-in]");
  const others = document.querySelector("[data-others]");
  const pattern = form.querySelector("template[data-conflict]");
  const version = form.elements.version;
  const page = window.location.pathname;
  if (form.querySelector("fieldset.conflict")) return; // both texts are in the page, and the button decides
  // What is saved, as far as this page knows: nothing, where the form holds text from before a sign-in.
  let base = "unsaved" in words ? new Map([["", [["", "?"]]]]) : read(form);
  let timer, running, fails = 0, signedOut = false, leaving = false;

  const say = (text) => {
    if (status.textContent !== text) status.textContent = text;
  };
  const inConflict = () => form.querySelector("div.conflict");
  const dirty = () => changed(read(form), base);

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };

  const lost = () => {
    say(words.offline);
    later(RETRY[Math.min(fails++, RETRY.length - 1)]);
    return "lost";
  };

  const askToSignIn = () => {
    signedOut = true;
    say("");
    door.hidden = false;
    return "signed out";
  };

  const compare = (other, place, mine, theirs) => {
    const panel = pattern.content.cloneNode(true).querySelector(".conflict");
    const question = elementOf(form, place);
    const label = question.querySelector("label, legend")?.textContent.trim() ?? "";
    panel.setAttribute("aria-label", `${panel.querySelector(".conflict__title").textContent}: ${label}`);
    panel.querySelector("[data-theirs]").textContent = inWords(other, theirs) || words.notAnswered;
    panel.querySelector("[data-mine]").textContent = inWords(form, mine) || words.notAnswered;
    panel.addEventListener("click", (event) => {
      const keep = event.target.dataset.keep;
      if (!keep) return;
      if (keep === "theirs") put(form, other, place);
      panel.remove();
      elementOf(form, place).querySelector("input, select, textarea, button")?.focus();
      form.dispatchEvent(new Event("change", { bubbles: true }));
      if (!inConflict()) later(0);
    });
    question.before(panel);
    return panel;
  };

  // Reads what is saved now, takes over what only the other changed, and asks where both changed the same.
  const bringTogether = async () => {
    const answer = await fetch(page, { headers: { Accept: "text/html" }, redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 401) return askToSignIn();
    if (!answer.ok) return lost();
    const other = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form[data-autosave]");
    if (!other) return lost();
    door.hidden = true;
    signedOut = false;
    form.elements.csrfmiddlewaretoken.value = other.elements.csrfmiddlewaretoken.value;
    const theirs = read(other);
    const mine = read(form);
    const newer = version.value !== other.elements.version.value;
    let first;
    for (const place of newer ? places(base, theirs, mine) : []) {
      if (same(mine.get(place), theirs.get(place)) || same(theirs.get(place), base.get(place))) continue;
      if (same(mine.get(place), base.get(place))) put(form, other, place);
      else if (elementOf(form, place)) {
        const panel = compare(other, place, mine.get(place), theirs.get(place));
        first ??= panel;
      }
    }
    if (newer) form.dispatchEvent(new Event("change", { bubbles: true }));
    version.value = other.elements.version.value;
    base = theirs;
    if (first) {
      say(words.differs);
      first.focus();
      return "differs";
    }
    if (newer) say(words.taken);
    if (dirty()) later(0);
    return "together";
  };

  const send = async (keepalive) => {
    const sent = read(form);
    say(words.saving);
    const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    const headers = {
      Accept: "application/json",
      "Content-Type": "application/json",
      "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
    };
    const body = JSON.stringify([...fields, ["draft", "1"]]);
    const answer = await fetch(page, { method: "POST", body, headers, redirect: "manual", keepalive });
    if (answer.type === "opaqueredirect" || answer.status === 401) return askToSignIn();
    if (answer.status === 409) return bringTogether();
    if (answer.status >= 500 || answer.status === 429) return lost();
    if (answer.status === 403 && !answer.headers.get("Content-Type").includes("json")) {
      // The key of the form is of the session before: take the new one.
      return (await bringTogether()) === "together" && fails++ < 2 ? (later(500), "again") : lost();
    }
    const told = answer.headers.get("Content-Type").includes("json") ? await answer.json() : {};
    if (!answer.ok) {
      say(told.words ?? words.refused);
      return answer.status === 403 ? "closed" : "refused";
    }
    version.value = String(told.version);
    base = sent;
    fails = 0;
    say(told.words);
    if (dirty()) later(WAIT);
    return "saved";
  };

  async function save(keepalive = false) {
    clearTimeout(timer);
    if (running) return running;
    if (inConflict()) return "differs";
    if (!dirty()) return "saved";
    return alone(() => send(keepalive === true));
  }

  // One thing at a time: a second save would meet its own first one.
  async function alone(work) {
    running = work().catch(lost);
    try {
      return await running;
    } finally {
      running = undefined;
    }
  }

  const whoElse = async () => {
    if (document.hidden || signedOut) return;
    try {
      const answer = await fetch(form.dataset.othersUrl, { headers: { Accept: "text/html" }, redirect: "manual" });
      if (answer.type === "opaqueredirect") return askToSignIn();
      if (!answer.ok) return;
      const told = document.createElement("div");
      told.innerHTML = await answer.text();
      const newest = Number(told.querySelector("[data-version]")?.dataset.version ?? 0);
      if (others.textContent.trim() !== told.textContent.trim()) others.replaceChildren(...told.childNodes);
      if (newest > Number(version.value) && !running && !inConflict()) await alone(bringTogether);
    } catch {
      // Without a connection nobody is told of; saving says so.
    }
  };

  form.addEventListener("input", () => later(WAIT));
  form.addEventListener("change", () => later(WAIT));
  form.addEventListener("submit", async (event) => {
    if (leaving || (!running && !dirty() && !inConflict())) {
      leaving = true; // everything is saved: the button does what it does without a script
      return;
    }
    event.preventDefault();
    const button = event.submitter;
    await running;
    const ended = await save();
    inConflict()?.focus();
    if (ended !== "saved" && ended !== "refused") return;
    leaving = true;
    form.requestSubmit(button);
  });
  window.addEventListener("online", () => later(0));
  window.addEventListener("focus", () => {
    if (signedOut && !running) alone(bringTogether);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && !signedOut) save(true);
    else if (signedOut && !running) alone(bringTogether);
    else whoElse();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && dirty()) event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) leaving = false;
  });
  setInterval(whoElse, ASK);
};
