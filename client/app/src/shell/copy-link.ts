import { toast } from '../ui/toast.ts'

/** The room's address, without what the page is scrolled to. */
export function roomLink(): string {
  return `${location.origin}${location.pathname}`
}

/** Copies the room's address and says so. */
export function copyRoomLink(): Promise<void> {
  return copyLink(roomLink())
}

/**
 * Copies an address and says so. Without a secure context there is no clipboard: then the address is shown to be copied
 * by hand.
 */
export async function copyLink(link: string): Promise<void> {
  toast((await copyText(link)) ? 'Link copied' : `Copy this link: ${link}`)
}

/**
 * Copies a text, also where there is no clipboard to write to: on plain http, or refused.
 *
 * @returns whether it was copied.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // NotAllowedError: refused; TypeError: `navigator.clipboard` does not exist on plain http
    return copySelected(text)
  }
}

/** The old way, which works on plain http. */
function copySelected(text: string): boolean {
  const field = document.createElement('textarea')
  field.value = text
  field.style.position = 'fixed'
  field.style.opacity = '0'
  const focused = document.activeElement
  // beside what has the focus: a popover would close if the focus left it
  ;(focused?.parentElement ?? document.body).append(field)
  field.select()
  const copied = document.execCommand('copy')
  if (focused instanceof HTMLElement) focused.focus()
  field.remove()
  return copied
}
