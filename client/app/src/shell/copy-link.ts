import { toast } from '../ui/toast.ts'

/** Copies the room's address and says so. */
export function copyRoomLink(): Promise<void> {
  return copyLink(`${location.origin}${location.pathname}`)
}

/**
 * Copies an address and says so. Without a secure context there is no clipboard: then the address is shown to be copied
 * by hand.
 */
export async function copyLink(link: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(link)
    toast('Link copied')
  } catch {
    // NotAllowedError: refused; TypeError: `navigator.clipboard` does not exist on plain http
    toast(copySelected(link) ? 'Link copied' : `Copy this link: ${link}`)
  }
}

/** The old way, which works on plain http. */
function copySelected(text: string): boolean {
  const field = document.createElement('textarea')
  field.value = text
  field.style.position = 'fixed'
  field.style.opacity = '0'
  const focused = document.activeElement
  document.body.append(field)
  field.select()
  const copied = document.execCommand('copy')
  field.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return copied
}
