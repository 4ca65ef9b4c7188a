export function collectGarbage(): void
