// The pages work without this. With it: keys, marked rows, questions before what cannot be undone, and progress.
"use strict";

(() => {
  const typing = (target) => target.closest("input, select, textarea, [contenteditable]");
  const rows = () => [...document.querySelectorAll("tr[data-link]")];
  const places = { h: "", o: "/orders", p: "/products", c: "/customers", b: "/bank", l: "/ledger", e: "/events", s: "/settings" };
  let marked = -1;
  let awaitsPlace = false;

  const mark = (step) => {
    const all = rows();
    if (!all.length) return;
    all[marked]?.classList.remove("marked");
    marked = Math.min(Math.max(marked + step, 0), all.length - 1);
    all[marked].classList.add("marked");
    all[marked].scrollIntoView({ block: "nearest" });
    all[marked].querySelector("a")?.focus({ preventScroll: true });
  };

  const follow = (selector) => document.querySelector(selector)?.click();

  const keys = {
    "/": () => document.getElementById("search")?.focus(),
    "?": () => document.getElementById("help")?.showModal(),
    j: () => mark(1),
    k: () => mark(-1),
    n: () => follow('[data-key="n"]'),
    p: () => follow('[data-key="p"]'),
    c: () => follow('[data-key="c"]'),
    g: () => { awaitsPlace = true; },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (awaitsPlace) {
      awaitsPlace = false;
      if (event.key in places) { event.preventDefault(); location.assign("/console" + places[event.key]); }
      return;
    }
    const todo = keys[event.key];
    if (todo) { event.preventDefault(); todo(); }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) { event.preventDefault(); return; }
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
  });
  // A page that comes back from the browser's memory may send its forms again: the server knows them.
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

  document.querySelectorAll(".drop").forEach((place) => {
    const input = place.querySelector("input[type=file]");
    const stop = (event) => { event.preventDefault(); place.classList.toggle("over", event.type === "dragover"); };
    place.addEventListener("dragover", stop);
    place.addEventListener("dragleave", stop);
    place.addEventListener("drop", (event) => {
      stop(event);
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });

  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText);
      button.innerText = "Copied";
    });
  });

  // What goes on by itself: the part of the page is asked for again until it no longer says so.
  const again = async () => {
    const part = document.querySelector("[data-again]");
    if (!part) return;
    try {
      const answer = await fetch(location.href, { headers: { "X-Part": "1" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(part.id);
      if (fresh) part.replaceWith(fresh);
      // What stands around it may be another now that it is over.
      if (fresh && part.dataset.again === "reload" && !("again" in fresh.dataset)) { location.reload(); return; }
    } catch { /* the server is away for a moment */ }
    setTimeout(again, 1500);
  };
  if (document.querySelector("[data-again]")) setTimeout(again, 1000);

  // What is downloaded leaves the page as it is: it may be asked for again.
  document.querySelectorAll("form[data-download]").forEach((form) => {
    form.addEventListener("submit", () => setTimeout(() => delete form.dataset.sent, 2000));
  });

  // Who or what is meant is found while it is typed.
  document.querySelectorAll("input[data-finds]").forEach((input, place) => {
    const list = document.createElement("datalist");
    list.id = `found-${place}`;
    input.after(list);
    input.setAttribute("list", list.id);
    input.removeAttribute("autocomplete");
    // What is found may depend on what stands beside it; then it is offered before anything is typed.
    const beside = (input.dataset.beside || "").split(" ").filter(Boolean).map((pair) => pair.split("="));
    const look = async (typed) => {
      if (typed !== input.value || (typed.trim().length < 2 && !beside.length)) return;
      const asked = new URLSearchParams({ q: typed });
      const said = new FormData(input.form);
      beside.forEach(([name, field]) => asked.set(name, said.get(`${field}_chosen`) || said.get(field)));
      try {
        const answer = await fetch(`${input.dataset.finds}?${asked}`);
        const found = await answer.json();
        if (typed === input.value) list.replaceChildren(...found.map(([value, label]) => new Option(label, value)));
      } catch { /* the server is away, or nobody is signed in any more: what was typed is looked for on the way */ }
    };
    input.addEventListener("input", () => setTimeout(look, 200, input.value));
    if (beside.length) input.addEventListener("focus", () => look(input.value));
  });
})();
