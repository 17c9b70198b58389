// Small comforts on every page. Everything works without them.
(function () {
  "use strict";

  // The menu button of narrow screens.
  const button = document.querySelector("[data-menu-button]");
  if (button) {
    const menu = document.getElementById(button.getAttribute("aria-controls"));
    button.addEventListener("click", function () {
      const open = button.getAttribute("aria-expanded") !== "true";
      button.setAttribute("aria-expanded", String(open));
      menu.classList.toggle("is-open", open);
    });
  }

  // Drop-downs are <details class="menu">: one open at a time, closed by Escape or a click elsewhere.
  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (menu !== except) menu.open = false;
    });
  }
  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest("details.menu"));
  });
  document.addEventListener("keydown", function (event) {
    const open = document.querySelector("details.menu[open]");
    if (event.key !== "Escape" || !open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  document.addEventListener("focusin", function (event) {
    closeMenus(event.target.closest("details.menu"));
  });

  // Light, dark, or as the device.
  const themes = document.querySelectorAll("[data-choose-theme]");
  function showTheme() {
    themes.forEach(function (choice) {
      choice.setAttribute("aria-pressed", String(choice.dataset.chooseTheme === document.documentElement.dataset.theme));
    });
  }
  themes.forEach(function (choice) {
    choice.addEventListener("click", function () {
      window.portalTheme.choose(choice.dataset.chooseTheme);
      showTheme();
    });
  });
  showTheme();

  // The summary of errors is read out first.
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();

  // A form is sent once: a second click while it is on its way does nothing.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-repeatable")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (event.defaultPrevented || form.target === "_blank" || form.closest("[hx-post]")) return;
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
    });
  });

  // A field marked data-submit-on-change sends its form, so that a filter needs no button.
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });

  // A file may be dropped on a drop zone; its name is shown.
  document.querySelectorAll("[data-drop-zone]").forEach(function (zone) {
    const input = zone.querySelector("input[type=file]");
    const name = zone.querySelector("[data-file-name]");
    function show() {
      const file = input.files[0];
      zone.classList.toggle("has-file", Boolean(file));
      if (name) name.textContent = file ? file.name : "";
    }
    ["dragenter", "dragover"].forEach(function (kind) {
      zone.addEventListener(kind, function (event) {
        event.preventDefault();
        zone.classList.add("is-over");
      });
    });
    ["dragleave", "drop"].forEach(function (kind) {
      zone.addEventListener(kind, function () {
        zone.classList.remove("is-over");
      });
    });
    zone.addEventListener("drop", function (event) {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    input.addEventListener("change", show);
    show();
  });

  // Print buttons.
  document.querySelectorAll("[data-print]").forEach(function (print) {
    print.addEventListener("click", function () {
      window.print();
    });
  });

  // A form that htmx sent and the server refused (422) is shown with its errors.
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.xhr.status !== 422) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });

  // What htmx sent and got no page for is said where messages stand: nothing fails in silence.
  function sayTrouble(words) {
    const callout = document.createElement("div");
    callout.className = "callout callout-danger";
    callout.setAttribute("role", "alert");
    callout.textContent = words;
    const messages = document.getElementById("messages");
    messages.replaceChildren(callout);
    messages.scrollIntoView({ block: "center" });
  }
  document.addEventListener("htmx:responseError", function () {
    sayTrouble(document.getElementById("messages").dataset.failed);
  });
  document.addEventListener("htmx:sendError", function () {
    sayTrouble(document.getElementById("messages").dataset.unreached);
  });
})();
