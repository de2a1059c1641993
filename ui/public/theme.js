// Sets the theme before the first paint, from the copy that the window keeps of the app's settings.
// It is a file of its own because the content security policy allows no inline script.
(function () {
  var root = document.documentElement;
  var words = { theme: ["light", "dark"], contrast: ["on", "off"] };
  for (var name in words) {
    var value = null;
    try {
      value = localStorage.getItem("appearance." + name);
    } catch (_) {
      value = null;
    }
    if (words[name].indexOf(value) >= 0) root.setAttribute("data-" + name, value);
  }
})();
