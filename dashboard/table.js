const NS = "http://www.w3.org/2000/svg";

function make(tag, attributes, text) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) if (value !== "") node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

function plain(text) {
  return make("bdi", {}, text === null || text === undefined ? "" : String(text));
}

function drawing(width, height, label) {
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("width", width);
  svg.setAttribute("height", height);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label || "");
  return svg;
}

function shape(svg, tag, attributes, title) {
  const node = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (title) {
    const words = document.createElementNS(NS, "title");
    words.textContent = title;
    node.appendChild(words);
  }
  svg.appendChild(node);
}

function stack(cell) {
  const width = 120, svg = drawing(width, 16, cell.text);
  svg.setAttribute("viewBox", `0 0 ${width} 16`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.classList.add("stack");
  const scale = width / Math.max(cell.max, 1e-9);
  let at = 0;
  for (const part of cell.parts) {
    const length = Math.max(part.value, 0) * scale;
    if (length < 0.4) continue;
    shape(svg, "rect", { x: at, y: 1, width: length, height: 14, class: `edge t${part.tone % 8}` }, part.label);
    at += length;
  }
  return svg;
}

function range(cell) {
  const width = 88, svg = drawing(width, 16, cell.text), scale = (width - 8) / Math.max(cell.max - 1, 1);
  svg.classList.add("range");
  const x = (rank) => 4 + (Math.min(rank, cell.max) - 1) * scale;
  shape(svg, "line", { x1: 0, x2: width, y1: 8, y2: 8, class: "axis" });
  shape(svg, "line", { x1: x(cell.low), x2: x(cell.high), y1: 8, y2: 8, class: "span", "stroke-linecap": "round" }, cell.text);
  if (cell.line) shape(svg, "line", { x1: x(cell.line + 0.5), x2: x(cell.line + 0.5), y1: 0, y2: 16, class: "end" });
  if (cell.at <= cell.max) shape(svg, "circle", { cx: x(cell.at), cy: 8, r: 4, class: "dot" }, cell.text);
  return svg;
}

// Numbers stand right; they and short words keep to one line.
function narrow(column) {
  return ["number", "short", "stack"].includes(column.kind) ? column.kind : "";
}

const SIGNS = { good: "● ", warn: "▲ ", less: "▼ ", bad: "■ ", plain: "" };

function fill(node, column, cell, row, data, open) {
  if (cell === null || cell === undefined || cell === "") {
    node.appendChild(plain("—"));
  } else if (column.kind === "link") {
    const link = make("a", { href: data.address + encodeURIComponent(row.id) });
    link.appendChild(plain(cell.text === undefined ? cell : cell.text));
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      open(row.id);
    });
    node.appendChild(link);
    if (cell.note) {
      const note = make("span", { class: "note" });
      note.appendChild(plain(cell.note));
      node.appendChild(note);
    }
    const bars = data.columns.find((one) => one.kind === "stack");
    if (bars && row[bars.key]) {
      const below = stack(row[bars.key]);
      below.classList.add("below"); // shown where the column of bars has no room
      node.appendChild(below);
    }
  } else if (column.kind === "badge") {
    const frame = make("span", { class: `badge ${cell.tone}` });
    frame.appendChild(plain((SIGNS[cell.tone] || "") + cell.text));
    node.appendChild(frame);
  } else if (column.kind === "stack") {
    node.appendChild(stack(cell));
  } else if (column.kind === "range") {
    node.appendChild(range(cell));
    node.appendChild(make("span", { class: "note" }, cell.short || ""));
  } else if (column.kind === "mark") {
    node.appendChild(plain(cell.text));
    const note = make("span", { class: "note" });
    note.appendChild(plain(cell.note));
    node.appendChild(note);
  } else {
    node.appendChild(plain(cell));
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const holder = parentElement.querySelector(".holder");
  const open = (id) => setTriggerValue("opened", id);
  const table = make("table"), head = make("thead"), body = make("tbody"), top = make("tr");
  table.appendChild(make("caption", {}, data.caption));
  for (const column of data.columns) {
    const cell = make("th", { scope: "col", class: narrow(column), title: column.help });
    if (column.width) cell.style.width = column.width;
    if (column.sort) {
      const here = data.sortedBy === column.sort;
      if (here) cell.setAttribute("aria-sort", data.descending ? "descending" : "ascending");
      const button = make("button", { type: "button" }, column.label + (here ? (data.descending ? " ▼" : " ▲") : ""));
      button.addEventListener("click", () => setTriggerValue("sort", column.sort));
      cell.appendChild(button);
    } else {
      cell.textContent = column.label;
    }
    top.appendChild(cell);
  }
  head.appendChild(top);
  const first = data.columns.findIndex((column) => column.kind === "link");
  for (const row of data.rows) {
    if (row.break) {
      const line = make("tr", { class: "break" });
      line.appendChild(make("td", { colspan: data.columns.length }, row.break));
      body.appendChild(line);
    }
    const line = make("tr");
    data.columns.forEach((column, index) => {
      const cell = make(index === first ? "th" : "td", { class: narrow(column) });
      if (index === first) cell.setAttribute("scope", "row");
      fill(cell, column, row[column.key], row, data, open);
      line.appendChild(cell);
    });
    body.appendChild(line);
  }
  table.append(head, body);
  table.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const links = [...body.querySelectorAll("th a")];
    const root = table.getRootNode();
    const at = links.indexOf(root.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    links[Math.max(0, Math.min(links.length - 1, at + step))].focus();
  });
  holder.replaceChildren(table);
  if (data.legend.length) {
    const legend = make("p", { class: "legend" });
    data.legend.forEach((word, tone) => {
      const item = make("span"), svg = drawing(12, 12, "");
      svg.setAttribute("aria-hidden", "true");
      svg.removeAttribute("role");
      shape(svg, "rect", { x: 0, y: 0, width: 12, height: 12, class: `t${tone % 8}` });
      item.append(svg, plain(word));
      legend.appendChild(item);
    });
    table.before(legend);
  }
  if (holder.scrollWidth > holder.clientWidth) {
    holder.tabIndex = 0;
    holder.setAttribute("role", "region");
    holder.setAttribute("aria-label", data.caption);
  } else {
    holder.removeAttribute("tabindex");
  }
}
