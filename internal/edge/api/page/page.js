"use strict";
// The documentation page: it reads /openapi.json and needs nothing else. The key
// stays in this page's memory. Text from the document is only ever set as text.

const WORDS = {
  "en": { search: "Search operations, fields, codes", parameters: "Parameters", body: "Body", answers: "Answers", attempt: "Try it", send: "Send", required: "required",
    permission: "browser keys too", codes: "Problem codes", failed: "No answer: ", key: "API key (kept in this page only)", where: "where", loading: "Could not load /openapi.json: " },
  "zh-CN": { search: "搜索接口、字段、错误码", parameters: "参数", body: "请求体", answers: "响应", attempt: "试一试", send: "发送", required: "必填",
    permission: "浏览器密钥可用", codes: "错误码", failed: "没有响应：", key: "API 密钥（只保存在本页内存）", where: "位置", loading: "无法读取 /openapi.json：" },
  "zh-TW": { search: "搜尋介面、欄位、錯誤碼", parameters: "參數", body: "請求內容", answers: "回應", attempt: "試試看", send: "送出", required: "必填",
    permission: "瀏覽器金鑰可用", codes: "錯誤碼", failed: "沒有回應：", key: "API 金鑰（只保存在本頁記憶體）", where: "位置", loading: "無法讀取 /openapi.json：" },
};
const METHODS = ["get", "post", "put", "patch", "delete"];
let spec, lang = ["zh-TW", "zh-HK"].includes(navigator.language) ? "zh-TW" : navigator.language.startsWith("zh") ? "zh-CN" : "en";
const say = (word) => WORDS[lang][word];

function el(name, attributes, ...children) {
  const e = document.createElement(name);
  for (const [k, v] of Object.entries(attributes || {})) {
    if (k.startsWith("on")) e.addEventListener(k.slice(2), v);
    else if (v !== false && v != null) e.setAttribute(k, v);
  }
  e.append(...children.filter((c) => c != null && c !== false));
  return e;
}

const resolve = (s) => (s && s.$ref ? spec.components.schemas[s.$ref.split("/").pop()] : s) || {};

// prose shows the document's own words: paragraphs, `code` and **strong**.
function prose(text) {
  return el("div", {}, ...(text || "").split("\n\n").map((p) => el("p", {}, ...p.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) =>
    part.startsWith("`") ? el("code", {}, part.slice(1, -1)) : part.startsWith("**") ? el("strong", {}, part.slice(2, -2)) : part))));
}

function kind(s) {
  const r = resolve(s);
  let text = [].concat(r.type || "any").join(" | ");
  if (text === "array") text = "list of " + kind(r.items);
  if (r.format && r.format !== "int64") text += " (" + r.format + ")";
  return text;
}

function bounds(s) {
  const r = resolve(s), out = [];
  if (r.enum) out.push(r.enum.join(" | "));
  if (r.minimum != null || r.maximum != null) out.push((r.minimum ?? "") + " … " + (r.maximum ?? ""));
  if (r.maxLength != null) out.push("≤ " + r.maxLength);
  if (r.maxItems != null) out.push("≤ " + r.maxItems + " ×");
  return out.join("; ");
}

function fields(schema, depth) {
  const s = resolve(schema.type === "array" || resolve(schema).type === "array" ? resolve(schema).items : schema);
  if (!s.properties || depth > 6) return null;
  const need = new Set(s.required || []);
  return el("div", { class: "fields" }, ...Object.entries(s.properties).map(([name, p]) => {
    const line = [el("code", {}, name), " ", el("span", { class: "dim" }, kind(p) + (bounds(p) ? " · " + bounds(p) : "")),
      need.has(name) && el("span", { class: "need" }, " " + say("required")), " ", p.description || resolve(p).description || ""];
    const inner = fields(p, depth + 1);
    return inner ? el("details", {}, el("summary", {}, ...line), inner) : el("div", {}, ...line);
  }));
}

function parameters(op) {
  if (!op.parameters?.length) return null;
  return el("div", {}, el("h3", {}, say("parameters")), el("table", {}, ...op.parameters.map((p) => el("tr", {},
    el("td", {}, el("code", {}, p.name), p.required && el("span", { class: "need" }, " " + say("required"))),
    el("td", { class: "dim" }, p.in), el("td", { class: "dim" }, kind(p.schema) + (bounds(p.schema) ? " · " + bounds(p.schema) : "")), el("td", {}, p.description || "")))));
}

function answers(op) {
  return el("div", {}, el("h3", {}, say("answers")), ...Object.keys(op.responses).sort().map((status) => {
    const r = op.responses[status], media = Object.values(r.content || {})[0];
    const problem = r.content && r.content["application/problem+json"];
    const inside = problem
      ? el("table", {}, ...Object.keys(problem.examples || {}).map((code) => [code, spec.components.examples[code]]).map(([code, e]) => el("tr", {}, el("td", {}, el("code", {}, code)), el("td", {}, e.summary), el("td", { class: "dim" }, e.value.detail))))
      : media && fields(media.schema, 0);
    return el("details", { open: status < "300" }, el("summary", {}, el("code", {}, status), " ", problem ? say("codes") + ": " + Object.keys(problem.examples || {}).length : (r.description || "").split("\n")[0]), inside);
  }));
}

function attempt(path, method, op) {
  const inputs = new Map(), form = el("form", { class: "try" });
  for (const p of op.parameters || []) {
    const value = p.name === "Idempotency-Key" ? "docs-" + crypto.randomUUID() : p.in === "path" ? p.example ?? p.schema.examples?.[0] ?? "" : "";
    const input = el("input", { value, "aria-label": p.name, placeholder: p.example ?? "" });
    inputs.set(p, input);
    form.append(el("label", {}, el("code", {}, p.name)), input);
  }
  const body = op.requestBody && el("textarea", { rows: 12, spellcheck: "false", "aria-label": say("body") });
  if (body) {
    body.value = JSON.stringify(op.requestBody.content["application/json"].example ?? {}, null, 2);
    form.append(body);
  }
  const out = el("pre", { hidden: "", tabindex: "0" });
  form.append(el("button", {}, say("send")), out);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const headers = { "Accept-Language": lang }, query = new URLSearchParams();
    let url = path;
    const key = document.getElementById("key").value.trim();
    if (key) headers.Authorization = "Bearer " + key;
    for (const [p, input] of inputs) {
      if (p.in === "path") url = url.replace("{" + p.name + "}", encodeURIComponent(input.value));
      else if (input.value === "") continue;
      else if (p.in === "query") query.append(p.name, input.value);
      else headers[p.name] = input.value;
    }
    if (body) headers["Content-Type"] = "application/json";
    out.hidden = false;
    try {
      const r = await fetch(url + (query.size ? "?" + query : ""), { method: method.toUpperCase(), headers, body: body ? body.value : undefined, credentials: "omit" });
      let text = await r.text();
      try { text = JSON.stringify(JSON.parse(text), null, 2); } catch { /* shown as it came */ }
      const shown = ["etag", "idempotency-replayed", "retry-after", "x-request-id"].filter((h) => r.headers.get(h)).map((h) => h + ": " + r.headers.get(h));
      out.textContent = [r.status + " " + r.statusText, ...shown, "", text].join("\n");
    } catch (error) {
      out.textContent = say("failed") + error.message;
    }
  });
  return el("div", {}, el("h3", {}, say("attempt")), form);
}

function operation(path, method, op) {
  const box = el("details", { class: "op", id: op.operationId }, el("summary", {}, el("span", { class: "method " + method }, method.toUpperCase()), el("span", { class: "path" }, path), el("span", { class: "about" }, op.summary || "")));
  box.dataset.text = [path, method, op.operationId, op.summary, op.description, Object.values(op.responses).flatMap((r) => Object.keys(r.content?.["application/problem+json"]?.examples || {})).join(" "), names(op)].join(" ").toLowerCase();
  box.addEventListener("toggle", () => {
    if (!box.open || box.children.length > 1) return;
    const media = op.requestBody?.content["application/json"];
    box.append(el("div", {}, prose(op.description), op["x-browser-keys"] && el("p", { class: "dim" }, say("permission")), parameters(op),
      media && el("div", {}, el("h3", {}, say("body")), fields(media.schema, 0), el("pre", {}, JSON.stringify(media.example ?? {}, null, 2))), answers(op), attempt(path, method, op)));
  });
  return box;
}

// names gathers the names of a body's fields, for the search.
function names(op) {
  const seen = new Set(), out = [];
  (function walk(s) {
    const r = resolve(s);
    if (seen.has(r)) return;
    seen.add(r);
    for (const [name, p] of Object.entries(r.properties || {})) { out.push(name); walk(p); }
    if (r.items) walk(r.items);
  })(op.requestBody?.content["application/json"]?.schema || {});
  return out.join(" ");
}

function render() {
  document.documentElement.lang = lang;
  document.getElementById("version").textContent = spec.info.version;
  document.getElementById("search").placeholder = say("search");
  document.getElementById("search").setAttribute("aria-label", say("search"));
  document.getElementById("key").title = say("key");
  document.getElementById("key").setAttribute("aria-label", say("key"));
  const index = document.getElementById("index"), content = document.getElementById("content");
  index.replaceChildren();
  content.replaceChildren(prose(spec.info.description));
  for (const tag of spec.tags) {
    const section = el("section", {}, el("h2", {}, tag.name), el("p", { class: "dim" }, tag.description));
    const links = el("div", {}, el("h2", {}, tag.name));
    for (const [path, item] of Object.entries(spec.paths).sort()) for (const method of METHODS) {
      const op = item[method];
      if (!op || op.tags[0] !== tag.name) continue;
      section.append(operation(path, method, op));
      links.append(el("a", { href: "#" + op.operationId, "data-for": op.operationId }, op.summary));
    }
    content.append(section);
    index.append(links);
  }
  filter();
  reveal();
}

function filter() {
  const words = document.getElementById("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const box of document.querySelectorAll("details.op")) {
    box.hidden = !words.every((w) => box.dataset.text.includes(w));
    document.querySelector(`a[data-for="${box.id}"]`).hidden = box.hidden;
  }
  for (const section of document.querySelectorAll("main > section")) section.hidden = !section.querySelector("details.op:not([hidden])");
}

// reveal opens the operation that the address names; a problem's type names a
// code, which is searched for.
function reveal() {
  const name = decodeURIComponent(location.hash.slice(1));
  if (!name) return;
  const box = document.getElementById(name);
  if (box?.matches("details.op")) {
    box.open = true;
    box.scrollIntoView();
  } else if (/^[a-z_]+$/.test(name)) {
    document.getElementById("search").value = name;
    filter();
  }
}

document.getElementById("language").value = lang;
document.getElementById("language").addEventListener("change", (event) => { lang = event.target.value; if (spec) render(); });
document.getElementById("search").addEventListener("input", () => spec && filter());
addEventListener("hashchange", reveal);
fetch("/openapi.json").then((r) => r.json()).then((read) => { spec = read; render(); }, (error) => { document.getElementById("content").textContent = say("loading") + error.message; });
