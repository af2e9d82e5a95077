// The staff workplace keeps its menu open at 1280 px too, where the theme would close it.
(() => {
  const WIDE = 1280; // where the theme sets the menu beside the page
  const wanted = () => window.innerWidth >= WIDE && localStorage.getItem("sidebarOpen") !== "0";
  document.addEventListener("alpine:init", () => {
    const theirs = window.theme;
    window.theme = (...given) => {
      const own = theirs(...given);
      let width = window.innerWidth;
      own.sidebarOpen = wanted();
      own.sidebarToggle = function toggle() {
        this.sidebarOpen = !this.sidebarOpen;
        if (window.innerWidth >= WIDE) {
          localStorage.setItem("sidebarOpen", this.sidebarOpen ? "1" : "0");
        }
      };
      own.themeBindings["x-resize.window"] = function resized() {
        if (window.innerWidth !== width) {
          width = window.innerWidth;
          this.sidebarOpen = wanted();
        }
      };
      return own;
    };
  });
})();
