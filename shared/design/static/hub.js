// Every page works without this file; it adds what only a script can, such as "show password".
document.body.classList.add("js-enabled", "govuk-frontend-supported");
// The version in our own address goes on to the library's, so that both may be kept by the browser for ever.
const library = new URL("govuk-frontend.min.js", import.meta.url);
library.search = new URL(import.meta.url).search;
const { initAll } = await import(library);
initAll();
