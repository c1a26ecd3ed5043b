# Sourced by the scripts beside it; $root is the project's folder.

# Runs a program so that an interrupt ends it, too, and not this script alone.
held() {
  "$@" &
  child=$!
  trap 'kill "$child" 2>/dev/null; wait "$child" 2>/dev/null || :; exit 130' INT
  trap 'kill "$child" 2>/dev/null; wait "$child" 2>/dev/null || :; exit 143' TERM
  wait "$child"
  trap - INT TERM
}

# What the records of module schemas are made of.
schemas() {
  [ ! -d "$root/schemas/src/main/avro" ] ||
    (cd "$root/schemas/src/main/avro" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 cksum)
}

# Runs Maven with these arguments, one build at a time: the launcher holds the same lock.
build() {
  if command -v flock >/dev/null; then
    mkdir -p "$root/standalone/target"
    exec 9>"$root/standalone/target/build.lock"
    flock -n 9 || { echo "waiting for another process that builds" >&2; flock 9; }
  fi
  # Avro's plugin makes a changed record anew, and not those that embed it: all or none.
  sources=$(schemas)
  made=$root/schemas/target/avro.cksum
  [ "$(cat "$made" 2>/dev/null)" = "$sources" ] || rm -rf "$root/schemas/target"
  cd "$root"
  held mvn -B -q -ntp -Dquick "$@" >&2 9>&-
  [ ! -d "$root/schemas/target" ] || printf '%s\n' "$sources" > "$made"
  exec 9>&-
}
