// The small part of the page that htmx does not do: where a bubble goes, scrolling, the input bar.
"use strict";
(() => {
  const FILE_LIMIT = 10 * 1024 * 1024;
  const PATIENCE = 10000; // ms; the bot need not answer everything, least of all in a group
  const $ = (id) => document.getElementById(id);
  const [log, scroll, typing, composer, text, file] =
    ["log", "scroll", "typing", "composer", "text", "file"].map($);
  const touch = matchMedia("(pointer: coarse)").matches;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let typingTimer = 0;
  let toastTimer = 0;

  function newKey() {
    // randomUUID exists only on https and on localhost.
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function toast(words, stay = 4000) {
    $("toast").textContent = words;
    $("toast").hidden = !words;
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => { $("toast").hidden = true; }, stay);
  }

  function waiting(on) {
    if (!typing) return;
    const bottom = atBottom();
    clearTimeout(typingTimer);
    typing.hidden = !on;
    if (on) typingTimer = setTimeout(() => waiting(false), PATIENCE);
    if (on && bottom) toBottom();
  }

  // ---- bubbles

  const atBottom = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120;
  const number = (bubble) => Number(bubble.dataset.number);

  function toBottom() {
    scroll.scrollTop = scroll.scrollHeight;
    $("down").hidden = true;
  }

  function piece(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    return holder.content.firstElementChild;
  }

  function replace(old, fresh) {
    const focused = old.contains(document.activeElement);
    old.replaceWith(fresh);
    htmx.process(fresh);
    if (focused && !touch && text) text.focus();
  }

  function insert(fresh) {
    let above = log.lastElementChild;
    while (above && number(above) > number(fresh)) above = above.previousElementSibling;
    fresh.classList.add("fresh");
    if (above) above.after(fresh); else log.prepend(fresh);
    htmx.process(fresh);
  }

  function show(html, again) {
    const fresh = piece(html);
    if (!fresh) return;
    const old = $(fresh.id);
    if (old && !again) return;
    const follow = atBottom() || fresh.classList.contains("mine");
    document.querySelector(".welcome").hidden = true;
    if (old) replace(old, fresh); else insert(fresh);
    if (!fresh.classList.contains("mine")) waiting(false);
    if (!follow) { $("down").hidden = Boolean(old); return; }
    toBottom();
    // A long answer is read from its beginning.
    if (!old && fresh.offsetHeight > scroll.clientHeight) fresh.scrollIntoView();
  }

  // ---- what the server tells

  document.addEventListener("bubble", (event) => show(event.detail.data, true));
  document.addEventListener("pinned", (event) => $("pinned").replaceWith(piece(event.detail.data)));
  document.addEventListener("until", (event) => $("until").replaceWith(piece(event.detail.data)));
  document.addEventListener("notice", (event) => { waiting(false); toast(event.detail.data, 2000); });
  document.addEventListener("reload", () => location.reload());
  document.addEventListener("row", (event) => {
    const fresh = piece(event.detail.data);
    const old = $(fresh.id);
    const focused = old.contains(document.activeElement);
    old.replaceWith(fresh);
    if (focused) fresh.querySelector("a").focus();
  });
  document.addEventListener("clock", (event) => {
    const fresh = piece(event.detail.data);
    replace($("now"), fresh);
    const playing = fresh.classList.contains("playing");
    for (const button of document.querySelectorAll(".moves button")) button.disabled = playing;
    $("arrived").textContent = playing ? "" : `Sekarang ${fresh.textContent.trim().replace(/\s+/g, " ")}`;
  });
  document.addEventListener("htmx:sse:error", () => toast("Sambungan terputus. Menyambung lagi…"));

  // ---- from one message to another

  function lead(bubble) {
    if (!bubble) return;
    bubble.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    bubble.classList.remove("found");
    void bubble.offsetWidth; // starts the animation anew
    bubble.classList.add("found");
  }

  document.addEventListener("click", (event) => {
    const from = event.target.closest?.(".pinned, .quoted, .reply");
    if (!from) return;
    if (from.matches(".reply")) { reply(from.dataset.reply, from.dataset.words); text.focus(); return; }
    event.preventDefault();
    lead($(from.dataset.message ?? from.hash.slice(1)));
  });

  // ---- choices behind one button

  document.addEventListener("click", (event) => {
    const from = event.target;
    if (from.closest?.(".sheet-open")) from.closest(".choices").querySelector(".sheet").showModal();
    // Outside of its box a dialog is its own backdrop.
    else if (from.matches?.(".sheet") || from.closest?.(".sheet-close")) from.closest(".sheet").close();
  });

  function reply(to, words) {
    $("reply-to").value = to;
    $("reply-words").textContent = words;
    $("replying").hidden = !to;
  }

  // ---- what goes out

  document.addEventListener("htmx:config:request", (event) => {
    // Read already, though perhaps queued: the bar is free for the next message.
    if (event.target === composer) event.detail.ctx.taken = take();
  });

  document.addEventListener("htmx:before:request", (event) => {
    const from = event.target;
    if (!(from instanceof Element)) return;
    if (from.matches(".choices")) {
      event.detail.ctx.request.submitter?.classList.add("pressed");
      from.querySelector(".sheet")?.close();
      for (const button of from.querySelectorAll("button")) button.disabled = true;
      // A disabled button drops the keyboard's place.
      if (!touch) text.focus();
    }
    if (from.matches(".composer, .choices, .starters")) waiting(true);
  });

  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    const from = event.target;
    if (!(from instanceof Element) || !from.matches(".composer, .choices, .starters") || ctx.response.status >= 400) return;
    show(ctx.text, false);
    // The bot takes the buttons of a used question away; those of a menu stay of use.
    if (from.matches(".choices")) setTimeout(() => release(from), 1500);
  });

  function release(form) {
    for (const button of form.querySelectorAll("button")) {
      button.disabled = false;
      button.classList.remove("pressed");
    }
  }

  function failed(event, words) {
    const from = event.target;
    waiting(false);
    if (!(from instanceof Element) || from.id === "now") return;
    toast(words);
    if (from.matches(".choices")) release(from);
    if (from === composer && !text.value) {
      // With its old key: should it have arrived after all, it counts once.
      text.value = event.detail.ctx.taken.text;
      $("key").value = event.detail.ctx.taken.key;
      reply(event.detail.ctx.taken.to, event.detail.ctx.taken.words);
      grow();
    }
  }

  document.addEventListener("htmx:response:error", (event) => {
    let words = "Belum terkirim. Coba sekali lagi.";
    try { words = JSON.parse(event.detail.ctx.text).error ?? words; } catch { /* not our own answer */ }
    failed(event, words);
  });
  document.addEventListener("htmx:error", (event) => failed(event, "Belum terkirim. Coba sekali lagi."));

  document.addEventListener("input", (event) => {
    if (!event.target.matches(".narrow")) return;
    const wanted = event.target.value.trim().toLowerCase();
    for (const button of event.target.form.querySelectorAll("button")) {
      button.hidden = !button.textContent.toLowerCase().includes(wanted);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(".narrow")) return;
    // Enter in the search field must not press the first button.
    event.preventDefault();
    const left = event.target.form.querySelectorAll("button:not([hidden])");
    if (left.length === 1) left[0].click();
  });

  // ---- clock bar

  document.querySelector(".clock-toggle").addEventListener("click", (event) => {
    const toggle = event.currentTarget;
    toggle.setAttribute("aria-expanded", String(toggle.getAttribute("aria-expanded") !== "true"));
  });
  document.querySelector(".moves").addEventListener("submit", () => {
    document.querySelector(".clock-toggle").setAttribute("aria-expanded", "false");
  });

  // ---- input bar

  function grow() {
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight + 2, 132)}px`;
  }

  function choose() {
    const chosen = file.files[0];
    $("chosen").hidden = !chosen;
    $("chosen-name").textContent = chosen ? chosen.name : "";
  }

  function take() {
    const taken = { key: $("key").value, text: text.value, to: $("reply-to").value, words: $("reply-words").textContent };
    $("key").value = newKey();
    text.value = "";
    file.value = "";
    choose();
    reply("", "");
    grow();
    return taken;
  }

  if (!composer) return;
  $("key").value = newKey();
  toBottom();
  if (!touch) text.focus();
  text.addEventListener("input", grow);
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    composer.requestSubmit();
  });
  composer.addEventListener("submit", (event) => {
    if (text.value.trim() || file.files.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  file.addEventListener("change", () => {
    if (file.files[0]?.size > FILE_LIMIT) {
      file.value = "";
      toast("Berkas terlalu besar. Paling besar 10 MB.");
    }
    choose();
  });
  $("unchoose").addEventListener("click", () => { file.value = ""; choose(); text.focus(); });
  $("unreply").addEventListener("click", () => { reply("", ""); text.focus(); });
  text.addEventListener("keydown", (event) => { if (event.key === "Escape") reply("", ""); });
  $("down").addEventListener("click", toBottom);
  let pinned = true;
  scroll.addEventListener("scroll", () => {
    pinned = atBottom();
    if (pinned) $("down").hidden = true;
  }, { passive: true });
  // The keyboard of a phone takes half the room: the newest words stay in sight.
  new ResizeObserver(() => { if (pinned) toBottom(); }).observe(scroll);
  // A picture has its height only when it is there.
  log.addEventListener("load", () => { if (pinned) toBottom(); }, true);
})();
