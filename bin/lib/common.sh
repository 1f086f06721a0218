# shellcheck shell=bash
# Shared by bin/serve and bin/test: where things are, how to speak, how to become the bench's user.
# Everything under $BENCH_DIR is ours; nothing else of the machine is written, but packages and the user.

APP_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

if [ "$(id -u)" = 0 ]; then BENCH_USER=${BENCH_USER:-clinic}; else BENCH_USER=$(id -un); fi

say() { printf '%s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Sets BENCH_DIR and what follows from it. Runs once the user exists.
locate_bench() {
	local home
	home=$(getent passwd "$BENCH_USER" | cut -d: -f6) || home=/home/$BENCH_USER
	BENCH_DIR=${BENCH_DIR:-$home/clinic-booking-bench}
	BENCH_DIR=$(realpath -m "$BENCH_DIR")
	BENCH_HOME=$home
	PYTHON=$BENCH_DIR/env/bin/python
	SYNCED_APP=$BENCH_DIR/apps/clinic_booking
	# Each bench has its own ports: the default one the plain ones, others an offset from their path.
	local offset=0
	[ "$BENCH_DIR" = "$home/clinic-booking-bench" ] ||
		offset=$((10 + $(printf '%s' "$BENCH_DIR" | cksum | cut -d' ' -f1) % 90 * 10))
	WEB_PORT=${WEB_PORT:-$((8000 + offset))}
	REDIS_PORT=$((23000 + offset))
	STRIPE_PORT=$((23005 + offset)) # of the demo clinic's stand-in
	TEST_WEB_PORT=$((23009 + offset))
	export BENCH_DIR
}

# once NAME TEXT COMMAND...: runs COMMAND unless it has already succeeded in this bench.
once() {
	local name=$1
	[ -e "$BENCH_DIR/.done/$name" ] && return 0
	step "${@:2}"
	mkdir -p "$BENCH_DIR/.done" && touch "$BENCH_DIR/.done/$name"
}

# when_changed NAME FINGERPRINT TEXT COMMAND...: runs COMMAND if FINGERPRINT is not the last one that succeeded.
when_changed() {
	local stamp=$BENCH_DIR/.done/$1 fingerprint=$2
	[ "$(cat "$stamp" 2>/dev/null)" = "$fingerprint" ] && return 0
	rm -f "$stamp"
	step "${@:3}"
	mkdir -p "$BENCH_DIR/.done" && printf '%s' "$fingerprint" >"$stamp"
}

# step TEXT COMMAND...: says what is done and how long it took; what COMMAND prints goes to a log, shown on failure.
step() {
	local text=$1 log started=$SECONDS
	shift
	log=$(mktemp)
	printf '%s ...' "$text"
	"$@" >"$log" 2>&1 </dev/null &
	local pid=$! dots=0
	while kill -0 "$pid" 2>/dev/null; do
		sleep 0.2
		dots=$((dots + 1))
		[ $((dots % 50)) = 0 ] && printf '.'
	done
	if wait "$pid"; then
		printf ' %s s\n' $((SECONDS - started))
		rm -f "$log"
	else
		printf ' failed\n'
		tail -n 60 "$log" >&2
		rm -f "$log"
		return 1
	fi
}

# One run at a time per bench; the lock goes with the process that holds descriptor 9.
lock_bench() {
	local lock=$BENCH_HOME/.$(basename "$BENCH_DIR").lock
	exec 9>>"$lock"
	chmod a+rw "$lock" 2>/dev/null || true
	flock -n 9 && return
	say "Waiting for another bin/serve or bin/test on $BENCH_DIR ..."
	flock 9
}

# continue_in_bench ARGUMENT...: copies this checkout into the bench and goes on there as the bench's user, with the
# same command.
continue_in_bench() {
	lock_bench
	local as_user=() app variable source
	# Not runuser, which stays as the parent and would keep the lock.
	[ "$(id -un)" = "$BENCH_USER" ] ||
		as_user=(setpriv --reuid="$BENCH_USER" --regid="$(id -g "$BENCH_USER")" --init-groups)
	"${as_user[@]}" mkdir -p "$SYNCED_APP" "$BENCH_DIR/sources"
	copy_for_user "$APP_DIR" "$SYNCED_APP"
	for app in frappe erpnext; do
		variable=${app^^}_SOURCE
		source=${!variable:-}
		if [ -d "$source" ] && [ ! -e "$BENCH_DIR/.done/$app" ]; then
			copy_for_user "$source" "$BENCH_DIR/sources/$app"
			export "$variable=$BENCH_DIR/sources/$app"
		fi
	done
	ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
	cd "$BENCH_DIR"
	exec "${as_user[@]}" env CLINIC_BOOKING_SYNCED="$BENCH_DIR" HOME="$BENCH_HOME" USER="$BENCH_USER" \
		LOGNAME="$BENCH_USER" \
		PATH="$BENCH_DIR/cli/bin:$BENCH_DIR/tools/node_modules/.bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
		"$SYNCED_APP/bin/$(basename "$0")" "$@"
}

copy_for_user() {
	rsync -rlpt --delete --chown="$BENCH_USER:" --chmod=u+rwX,go-w \
		--exclude=/.git --exclude=node_modules --exclude=__pycache__ --exclude='*.egg-info' \
		--exclude='.*_cache' --exclude=/.venv --exclude=/.hypothesis --exclude=/.eggs \
		--exclude='/clinic_booking/public/dist' --exclude='*.mo' "$1/" "$2/"
}
