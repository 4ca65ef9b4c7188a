// Runs before the first paint, as a blocking file and not inline: the server's CSP allows no inline scripts.
;(function () {
  const root = document.documentElement
  let stored = null
  try {
    stored = localStorage.getItem('roomful:theme')
  } catch (error) {
    // SecurityError: storage is blocked, the system's theme is used
    void error
  }
  const dark = stored === 'dark' || (stored !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset.theme = dark ? 'dark' : 'light'
  const meta = document.querySelector('meta[name="theme-color"]')
  if (meta) meta.setAttribute('content', dark ? '#1a1a1e' : '#ffffff')
})()
