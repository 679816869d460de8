// Keeps what a person has typed, and not yet sent, over a refresh of the page: in this window's own memory
// (sessionStorage), under the person and the item. Whatever another person left in the window is thrown away.
const PREFIX = "mulu-draft:";
const restored = new WeakSet();

function place(name) {
  return document.querySelector(`.st-key-${name.trim().replace(/[^a-zA-Z0-9_-]/g, "-")}`);
}

function read(field) {
  const holder = place(field.name);
  if (!holder) return "";
  if (field.kind === "choice") {
    const options = [...holder.querySelectorAll('[role="radio"]')];
    const at = options.findIndex((option) => option.getAttribute("aria-checked") === "true");
    return at < 0 ? "" : String(at);
  }
  const input = holder.querySelector("textarea, input");
  if (!input) return "";
  return input.value || (field.kind === "select" && holder.querySelector('[data-baseweb="select"]')?.innerText) || "";
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const own = `${PREFIX}${data.owner}:`, key = own + data.item;
  for (const name of Object.keys(sessionStorage))
    if (name.startsWith(PREFIX) && !name.startsWith(own)) sessionStorage.removeItem(name);

  const stored = sessionStorage.getItem(key);
  const coming = stored && !restored.has(parentElement); // the fields are still empty: they would be taken for emptied
  const keep = () => {
    if (coming || !data.fields.some((field) => place(field.name))) return;
    const told = {};
    for (const field of data.fields) {
      const value = read(field);
      if (value && value !== field.saved) told[field.name] = value;
    }
    if (Object.keys(told).length) sessionStorage.setItem(key, JSON.stringify(told));
    else sessionStorage.removeItem(key);
  };

  let waiting = 0;
  const soon = (delay) => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, delay);
  };
  const typed = () => soon(120);
  const leaving = () => keep();
  if (coming) {
    setTriggerValue("draft", stored);
  } else {
    soon(600); // what an act that succeeded has emptied is forgotten
  }
  restored.add(parentElement);
  document.addEventListener("input", typed, true);
  document.addEventListener("click", typed, true);
  window.addEventListener("pagehide", leaving);
  return () => {
    clearTimeout(waiting);
    document.removeEventListener("input", typed, true);
    document.removeEventListener("click", typed, true);
    window.removeEventListener("pagehide", leaving);
  };
}
