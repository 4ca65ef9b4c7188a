/** `public/favicon.svg`, and a dot with a rim of its own: it shows on any colour of a tab strip. */
const BADGED = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 26 26"><circle cx="9.5" cy="10" r="6.5" fill="#4f46e5"/><circle cx="17" cy="12" r="6" fill="#ca4459" fill-opacity=".88"/><circle cx="11.5" cy="17.5" r="5.5" fill="#00855f" fill-opacity=".85"/><circle cx="19.5" cy="19.5" r="6" fill="#d3302f" stroke="#fff" stroke-width="1.6"/></svg>`
const PLAIN_URL = '/favicon.svg'
const BADGED_URL = `data:image/svg+xml,${encodeURIComponent(BADGED)}`

/** Puts a dot on the tab's icon, or takes it away. */
export function setFaviconBadge(badged: boolean): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  const url = badged ? BADGED_URL : PLAIN_URL
  if (icon !== null && icon.getAttribute('href') !== url) icon.setAttribute('href', url)
}
