// Loaded into what run.cjs starts: when run.cjs is killed without being able to tell, its child ends as if by SIGTERM.
"use strict";

if (process.channel !== undefined && process.channel !== null) {
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel.unref();
}
