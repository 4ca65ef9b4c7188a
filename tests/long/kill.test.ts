import { test } from 'vitest'
import { killRounds } from '../support/kill-rounds.ts'

const ROUNDS = 20

test(`[I1] kill -9 at ${ROUNDS} random moments while two clients type: no acknowledged update is ever missing`, () =>
  killRounds('SIGKILL', ROUNDS))

test(`[I1] SIGTERM at ${ROUNDS} random moments while two clients type: nothing that was sent is missing`, () =>
  killRounds('SIGTERM', ROUNDS))
