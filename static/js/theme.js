// Runs before the first paint: sets the theme that was chosen, or that of the device, so that nothing flashes.
(function () {
  "use strict";
  const root = document.documentElement;
  const device = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem("theme") || "auto";
    } catch {
      return "auto";
    }
  }

  function apply() {
    const theme = chosen();
    root.dataset.theme = theme;
    root.dataset.bsTheme = theme === "auto" ? (device.matches ? "dark" : "light") : theme;
  }

  root.classList.add("js");
  device.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  window.portalTheme = {
    chosen: chosen,
    choose: function (theme) {
      try {
        localStorage.setItem("theme", theme);
      } catch {
        // Storage is refused: the choice holds for this page.
      }
      root.dataset.theme = theme;
      root.dataset.bsTheme = theme === "auto" ? (device.matches ? "dark" : "light") : theme;
    },
  };
  apply();
})();
