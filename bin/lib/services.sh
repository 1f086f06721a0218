# Private MariaDB and Redis servers. There are two groups, "demo" and "test", each with its own directory
# $BENCH_DIR/<group>, so that a test never meets the demo clinic's data.

ROOT_PASSWORD=clinic # of MariaDB, which only listens on a socket inside a directory that only we can enter

group_dir() { printf '%s/%s' "$BENCH_DIR" "$1"; }

redis_port() { # GROUP cache|queue
	local port=$REDIS_PORT
	[ "$1" = test ] && port=$((port + 2))
	[ "$2" = queue ] && port=$((port + 1))
	printf '%s' $port
}

# is_running PIDFILE: the process in it lives and works in this bench (a pid may have been given to another).
is_running() {
	local pid
	pid=$(cat "$1" 2>/dev/null) && [ -n "$pid" ] && [[ $(readlink "/proc/$pid/cwd")/ == "$BENCH_DIR"/* ]]
}

# start NAME-OF-PIDFILE COMMAND...: in the background, apart from this terminal, without our lock.
start() {
	local pidfile=$1
	shift
	is_running "$pidfile" && return 0
	setsid "$@" 9>&- </dev/null >>"${pidfile%.pid}.log" 2>&1 &
	echo $! >"$pidfile"
	disown
}

stop() { # PIDFILE [SIGNAL]
	local pid tries=0
	if is_running "$1"; then
		pid=$(cat "$1")
		kill "-${2:-TERM}" "$pid"
		while is_running "$1" && [ $tries -lt 300 ]; do sleep 0.05 && tries=$((tries + 1)); done
		is_running "$1" && kill -KILL "$pid"
	fi
	rm -f "$1"
}

wait_for() { # TEXT COMMAND...
	local text=$1 tries=0
	shift
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -gt 600 ] && die "$text did not start; see the logs under $BENCH_DIR"
		sleep 0.1
	done
}

start_mariadb() { # GROUP
	local dir extra=()
	dir=$(group_dir "$1")
	mkdir -p -m 700 "$dir"
	if [ ! -d "$dir/mariadb/mysql" ]; then
		rm -rf "$dir/mariadb"
		mariadb-install-db --no-defaults --datadir="$dir/mariadb" --auth-root-authentication-method=normal \
			--skip-test-db >"$dir/mariadb.log" 2>&1 || die "MariaDB could not be set up; see $dir/mariadb.log"
	fi
	# A test site is thrown away: it need not survive a power cut.
	[ "$1" = test ] && extra=(--innodb-flush-log-at-trx-commit=2 --skip-innodb-doublewrite)
	start "$dir/mariadb.pid" mariadbd --no-defaults --datadir="$dir/mariadb" --socket="$dir/mariadb.sock" \
		--skip-networking --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci \
		--innodb-buffer-pool-size=512M --innodb-log-file-size=64M --max-connections=500 \
		--max-allowed-packet=64M "${extra[@]}"
	wait_for MariaDB mariadb-admin --no-defaults --socket="$dir/mariadb.sock" --user=root --password=$ROOT_PASSWORD ping
	# A new one has no password yet.
	mariadb --no-defaults --socket="$dir/mariadb.sock" --user=root \
		-e "ALTER USER root@localhost IDENTIFIED BY '$ROOT_PASSWORD'" 2>/dev/null || true
}

start_redis() { # GROUP
	local dir name
	dir=$(group_dir "$1")
	for name in cache queue; do
		mkdir -p "$dir/redis-$name"
		{
			echo "port $(redis_port "$1" $name)"
			echo "bind 127.0.0.1"
			echo "dir $dir/redis-$name"
			# As Frappe sets them up: the cache may forget, the queue may not.
			[ $name = queue ] || printf 'save ""\nmaxmemory 256mb\nmaxmemory-policy allkeys-lru\n'
		} >"$dir/redis-$name.conf"
		start "$dir/redis-$name.pid" redis-server "$dir/redis-$name.conf"
		wait_for Redis redis-cli -p "$(redis_port "$1" $name)" ping
	done
}

start_services() { # GROUP
	start_mariadb "$1"
	start_redis "$1"
}

stop_services() { # GROUP
	local name
	for name in redis-cache redis-queue mariadb; do stop "$(group_dir "$1")/$name.pid"; done
}
