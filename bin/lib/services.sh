# shellcheck shell=bash
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

# A pid file holds the pid and when it started, as pids are given again after a restart of the machine.
is_running() { # PIDFILE
	local pid started
	{ read -r pid started <"$1"; } 2>/dev/null && [ "$(started_at "$pid")" = "$started" ]
}

started_at() { # PID: in clock ticks since the machine started, or nothing
	local stat
	{ read -r stat <"/proc/$1/stat"; } 2>/dev/null && cut -d' ' -f20 <<<"${stat##*) }"
}

start() { # PIDFILE COMMAND...: in the background, apart from this terminal, without our lock
	is_running "$1" && return
	setsid "${@:2}" 9>&- </dev/null >>"${1%.pid}.log" 2>&1 &
	printf '%s %s\n' $! "$(started_at $!)" >"$1"
	disown
}

stop() { # PIDFILE [SIGNAL]
	local pid tries=0
	if is_running "$1"; then
		read -r pid _ <"$1"
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
		[ $tries -le 300 ] || { "$@" || die "$text did not start; see the logs under $BENCH_DIR"; }
		sleep 0.1
	done
}

start_mariadb() { # GROUP
	local dir extra=()
	dir=$(group_dir "$1")
	mkdir -p "$dir" && chmod 700 "$dir"
	if [ ! -d "$dir/mariadb/mysql" ]; then
		rm -rf "$dir/mariadb"
		mariadb-install-db --no-defaults --datadir="$dir/mariadb" --auth-root-authentication-method=normal \
			--skip-test-db >"$dir/mariadb.log" 2>&1 || die "MariaDB could not be set up; see $dir/mariadb.log"
	fi
	# A test site is thrown away: it need not survive a power cut.
	[ "$1" = test ] && extra=(--innodb-flush-log-at-trx-commit=2 --skip-innodb-doublewrite)
	is_running "$dir/mariadb.pid" || rm -f "$dir/mariadb.sock"
	start "$dir/mariadb.pid" mariadbd --no-defaults --datadir="$dir/mariadb" --socket="$dir/mariadb.sock" \
		--skip-networking --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci \
		--innodb-buffer-pool-size=512M --innodb-log-file-size=64M --max-connections=500 \
		--max-allowed-packet=64M --table-definition-cache=4000 --table-open-cache=4000 "${extra[@]}"
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
		wait_for Redis redis_answers "$(redis_port "$1" $name)" "$dir/redis-$name.pid"
	done
}

# Ours, and not another one on the same port.
redis_answers() { # PORT PIDFILE
	redis-cli -p "$1" info server | grep -q "^process_id:$(cut -d' ' -f1 "$2")\b"
}

start_services() { # GROUP
	start_mariadb "$1"
	start_redis "$1"
}

stop_services() { # GROUP
	local name
	for name in redis-cache redis-queue mariadb; do stop "$(group_dir "$1")/$name.pid"; done
}
