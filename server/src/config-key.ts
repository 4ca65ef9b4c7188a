/** A variable that is no limit. */
export interface ConfigKey {
  readonly env: string
  readonly default: string
  readonly meaning: string
}

/** One thing wrong with the environment: which variables, and what to do. */
export interface ConfigProblem {
  readonly keys: readonly string[]
  readonly message: string
}
