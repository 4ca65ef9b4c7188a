import { type ReactElement, useEffect, useRef } from 'react'
import { panel } from './panel-store.ts'

interface PanelFocusProps {
  readonly asked: number
}

/**
 * Brings the keyboard into the tab that was opened with `focus`. Is drawn with the tab's content: its effect runs
 * when the content is there, however late its code came.
 */
export function PanelFocus({ asked }: PanelFocusProps): ReactElement {
  const mark = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const box = mark.current?.parentElement
    if (box === null || box === undefined || !panel.takeFocus()) return
    const target =
      box.querySelector<HTMLElement>('[data-panel-focus], textarea, [contenteditable="true"]') ??
      document.getElementById(box.getAttribute('aria-labelledby') ?? '')
    target?.focus()
  }, [asked])
  return <span ref={mark} hidden />
}
