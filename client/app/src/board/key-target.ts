const FIELDS = 'input, textarea, select, [contenteditable]'
const CONTROLS = `${FIELDS}, button, a, [role="dialog"], [role="tab"], [role="separator"]`

/** Whether what has the focus takes text. */
export function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(FIELDS) !== null
}

/** Whether keys belong to what has the focus: fields, buttons, links. */
export function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(CONTROLS) !== null
}
