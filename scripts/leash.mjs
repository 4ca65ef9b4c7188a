// Loaded into the server by scripts/serve.mjs. Started that way the server lives in a process group of its own, so
// that a terminal's Ctrl-C reaches it once, through the launcher, and not three times: by the terminal, by npm and
// by the launcher; a second signal means "now". In return the server has to notice when its launcher is killed.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// the channel exists for its end only: it must not keep a drained server alive
process.channel?.unref()
