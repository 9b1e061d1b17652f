"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const form = document.getElementById("form");
const key = "heartline-audit/" + data.draw_id + "/" + data.coder;
const fields = ["stage", "emotion", "valence", "pain"];
let kept = {};
let place = 0;

try {
  kept = JSON.parse(localStorage.getItem(key)) || {};
} catch (error) {
  document.getElementById("kept").textContent = "This browser keeps nothing: save the sheet before you close the page.";
}

const isDone = (row) => fields.every((field) => (kept[row.segment_id] || {})[field]);

function keep() {
  const answer = Object.fromEntries(new FormData(form));
  kept[data.rows[place].segment_id] = answer;
  try {
    localStorage.setItem(key, JSON.stringify(kept));
  } catch (error) {
    document.getElementById("kept").textContent = "This browser keeps nothing: save the sheet before you close the page.";
  }
  count();
}

function count() {
  const done = data.rows.filter(isDone).length;
  document.getElementById("progress").textContent = "row " + (place + 1) + " of " + data.rows.length + ", " + done + " done";
}

function show(next) {
  place = Math.max(0, Math.min(data.rows.length - 1, next));
  const row = data.rows[place];
  const letters = Array.from(row.passage);
  const mark = document.createElement("mark");
  mark.textContent = letters.slice(row.start, row.end).join("");
  document.getElementById("passage").replaceChildren(letters.slice(0, row.start).join(""), mark, letters.slice(row.end).join(""));
  form.reset();
  const answer = kept[row.segment_id] || {};
  for (const field of fields) if (answer[field]) form.elements[field].value = answer[field];
  form.elements.note.value = answer.note || "";
  count();
}

const firstOpen = () => data.rows.findIndex((row) => !isDone(row));

// As pipeline/spreadsheet.py has it.
const formula = /^(?:[\s\x00-\x20\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠﹢﹣﹦﹫]|[\t\r])/;
const number = /^[+-]?[0-9]+(?:[.,][0-9]+)?$/;

function inert(text) {
  return formula.test(text) && !number.test(text) ? "'" + text : text;
}

function sheet() {
  const cell = (text) => '"' + String(text).replaceAll('"', '""') + '"';
  const lines = data.rows.map((row) => {
    const answer = kept[row.segment_id] || {};
    const texts = [row.segment_id, data.coder, inert(row.passage), inert(row.sentence)];
    const labels = fields.map((field) => answer[field] || "");
    return [...texts, ...labels, inert(answer.note || "")].map(cell).join(",");
  });
  return "\ufeff" + [data.columns.join(","), ...lines].join("\r\n") + "\r\n";
}

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([sheet()], { type: "text/csv" }));
  link.download = data.draw_id + "-" + data.coder + ".csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function choose(field, number) {
  const options = form.elements[field];
  if (number >= 0 && number < options.length) {
    options[number].checked = true;
    keep();
  }
}

function press(event) {
  if (event.target.id === "note" || event.ctrlKey || event.metaKey || event.altKey) return;
  const options = [...form.elements.valence];
  const chosen = options.findIndex((option) => option.checked);
  const middle = chosen < 0 ? (options.length - 1) / 2 : chosen;
  if (/^[1-9]$/.test(event.key)) choose("stage", Number(event.key) - 1);
  else if (event.key === "y" || event.key === "n") choose("pain", event.key === "y" ? 0 : 1);
  else if (/^[a-m]$/.test(event.key)) choose("emotion", event.key.charCodeAt(0) - 97);
  else if (event.key === "-") choose("valence", Math.max(0, middle - 1));
  else if (event.key === "+" || event.key === "=") choose("valence", Math.min(options.length - 1, middle + 1));
  else if (event.key === "0") choose("valence", (options.length - 1) / 2);
  else if (event.key === "ArrowLeft") show(place - 1);
  else if (event.key === "ArrowRight") show(place + 1);
  else if (event.key === "Enter" && event.target.tagName !== "BUTTON") show(place + 1);
  else return;
  event.preventDefault();
}

form.addEventListener("input", keep);
form.addEventListener("submit", (event) => { event.preventDefault(); show(place + 1); });
document.addEventListener("keydown", press);
document.getElementById("back").addEventListener("click", () => show(place - 1));
document.getElementById("open").addEventListener("click", () => show(Math.max(0, firstOpen())));
document.getElementById("save").addEventListener("click", save);
show(Math.max(0, firstOpen()));
