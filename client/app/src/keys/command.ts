import type { Person } from '@roomful/provider'
import type { LucideIcon } from 'lucide-react'

/** One line of the palette. */
export interface Command {
  readonly id: string
  /** What it does; searched. */
  readonly label: string
  /** Other words somebody may look for. */
  readonly words?: readonly string[]
  readonly icon?: LucideIcon
  /** Shown with their face instead of an icon. */
  readonly person?: Person
  /** Its shortcut, as `pressed` reads it. */
  readonly keys?: string | undefined
  readonly run: () => void
}

/** Lines under one heading. */
export interface CommandGroup {
  readonly title: string
  readonly commands: readonly Command[]
}
