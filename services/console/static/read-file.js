// A file may be chosen instead of pasting its text. Without this file there is only the text box, which is
// enough: the box to choose one stays hidden.
for (const chooser of document.querySelectorAll("[data-reads-into]")) {
  const box = document.getElementById(chooser.dataset.readsInto);
  chooser.hidden = false;
  chooser.querySelector("input").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    box.value = await file.text();
    box.focus();
  });
}
