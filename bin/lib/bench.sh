# shellcheck shell=bash
# Makes the bench and its two sites, and keeps them in step with the checkout. Every part is skipped when done.
#
# $BENCH_DIR is an ordinary bench whose sites/ holds the demo clinic. The test site has a sites directory of its
# own, $BENCH_DIR/test/sites, because Frappe reads Redis' address from the file all sites of a directory share.

DEMO_SITE=clinic.localhost
TEST_SITE=test.localhost
BRANCH=${FRAPPE_BRANCH:-version-15}
FRAPPE_SOURCE=${FRAPPE_SOURCE:-https://github.com/frappe/frappe}
ERPNEXT_SOURCE=${ERPNEXT_SOURCE:-https://github.com/frappe/erpnext}
export FRAPPE_SOURCE ERPNEXT_SOURCE

# bench_obstacle: prints why no bench can be made here, or nothing.
bench_obstacle() {
	local app variable source
	[ -e "$BENCH_DIR/.done/base" ] && return
	for app in frappe erpnext; do
		variable=${app^^}_SOURCE
		source=${!variable}
		[ -e "$BENCH_DIR/.done/$app" ] || [ -d "$source" ] || ! command -v git >/dev/null ||
			GIT_TERMINAL_PROMPT=0 timeout 30 git ls-remote --exit-code "$source" "$BRANCH" >/dev/null 2>&1 ||
			{ say "$app cannot be fetched from $source (branch $BRANCH); $variable may name another URL or a directory"; return; }
	done
}

make_bench() {
	once cli "Installing bench" make_cli
	once yarn "Installing yarn" npm install --no-fund --no-audit --prefix "$BENCH_DIR/tools" yarn@1.22
	once frappe "Fetching and installing Frappe" make_frappe
	once erpnext "Fetching and installing ERPNext" make_erpnext
	rm -rf "$BENCH_DIR/sources"
	install_app
	once base "Making a site with ERPNext and a company" make_base
}

make_cli() {
	/usr/bin/python3 -m venv --clear cli && cli/bin/pip install -q frappe-bench
}

make_frappe() {
	rm -rf apps/frappe env
	bench init --ignore-exist --skip-redis-config-generation --no-procfile --no-backups --skip-assets --verbose \
		--python /usr/bin/python3 --frappe-path "$(as_repository frappe)" --frappe-branch "$BRANCH" "$BENCH_DIR"
}

make_erpnext() {
	rm -rf apps/erpnext
	bench get-app --skip-assets --branch "$BRANCH" "$(as_repository erpnext)"
}

# as_repository APP: bench clones what it installs; a directory becomes a repository of one commit.
as_repository() {
	local variable=${1^^}_SOURCE
	local source=${!variable}
	if [ -d "$source" ]; then
		rm -rf "$source/.git"
		git -C "$source" init -q -b "$BRANCH" &&
			git -C "$source" add -A -f &&
			git -C "$source" -c user.name=bench -c user.email=bench@localhost commit -qm "as given" || return
	fi >&2
	printf '%s' "$source"
}

# The app's Python packages and assets, again whenever they changed.
install_app() {
	when_changed python "$(python_fingerprint)" "Installing Clinic Booking's Python packages" install_python
	grep -qx clinic_booking sites/apps.txt || printf 'frappe\nerpnext\nclinic_booking\n' >sites/apps.txt
	once assets "Building Frappe's and ERPNext's scripts and styles" bench build
	when_changed app-assets "$(fingerprint clinic_booking/public clinic_booking/locale)" \
		"Building Clinic Booking's scripts and styles" bench build --app clinic_booking
}

python_fingerprint() {
	(cd "$APP_DIR" && cat pyproject.toml requirements.txt tests/requirements.txt tests/browser/requirements.txt | sha1sum)
}

install_python() {
	# Frappe's dropbox package still asks setuptools for pkg_resources, which newer ones no longer have.
	uv pip install --python "$PYTHON" "setuptools<81" -e "$SYNCED_APP" \
		-r "$SYNCED_APP/tests/requirements.txt" -r "$SYNCED_APP/tests/browser/requirements.txt"
}

# fingerprint PATH...: of all the files there, in the checkout.
fingerprint() {
	(cd "$SYNCED_APP" && find "$@" -type f ! -name '*.pyc' ! -path '*/dist/*' -print0 2>/dev/null |
		sort -z | xargs -0 -r sha1sum | sha1sum)
}

# Of everything that a site's database is made from, but for the demo clinic.
schema_fingerprint() {
	(
		cd "$SYNCED_APP"
		{
			find clinic_booking -name '*.json' ! -path '*/public/*' -print0
			find clinic_booking/hooks.py clinic_booking/*.txt clinic_booking/setup clinic_booking/patches \
				-type f ! -name '*.pyc' ! -name 'demo*' -print0
			grep -rlZ --include='*.py' 'def on_doctype_update' clinic_booking || true
		} | sort -zu | xargs -0 sha1sum | sha1sum
	)
}

# frappe GROUP ARGUMENT...: what `bench --site` does, in the sites directory of that group.
frappe() {
	local sites=$BENCH_DIR/sites site=$DEMO_SITE
	[ "$1" = demo ] || sites=$BENCH_DIR/test/sites site=$TEST_SITE
	(cd "$sites" && exec "$PYTHON" -m frappe.utils.bench_helper frappe --site "$site" "${@:2}")
}

write_common_config() { # GROUP
	local queue site=$DEMO_SITE port=$WEB_PORT sites=$BENCH_DIR/sites
	[ "$1" = demo ] || site=$TEST_SITE port=$TEST_WEB_PORT sites=$BENCH_DIR/test/sites
	queue=redis://127.0.0.1:$(redis_port "$1" queue)
	cat >"$sites/common_site_config.json" <<-JSON
		{
		 "default_site": "$site",
		 "redis_cache": "redis://127.0.0.1:$(redis_port "$1" cache)",
		 "redis_queue": "$queue",
		 "redis_socketio": "$queue",
		 "webserver_port": $port,
		 "socketio_port": $((port + 1000)),
		 "server_script_enabled": 0
		}
	JSON
}

# The base is a stopped copy of a site with ERPNext and a company; both sites start as a copy of it.
make_base() {
	local sites=$BENCH_DIR/test/sites
	stop_services test
	rm -rf "$BENCH_DIR/test" "$BENCH_DIR/base"
	mkdir -p "$sites" "$BENCH_DIR/test/logs" "$BENCH_DIR/base"
	ln -s ../../sites/apps.txt ../../sites/apps.json ../../sites/assets "$sites/"
	write_common_config test && start_services test || return
	(cd "$sites" && "$PYTHON" -m frappe.utils.bench_helper frappe new-site "$TEST_SITE" --db-name clinic_booking \
		--db-root-password $ROOT_PASSWORD --db-socket "$BENCH_DIR/test/mariadb.sock" --admin-password admin) || return
	frappe test install-app erpnext || return
	(cd "$sites" && "$PYTHON" "$SYNCED_APP/bin/lib/finish_setup_wizard.py" $TEST_SITE) || return
	stop_services test
	save_site test base
}

# save_site GROUP COPY: the database and the site's folder; MariaDB must be stopped.
save_site() {
	local copy=$BENCH_DIR/$2
	rm -rf "$copy" && mkdir -p -m 700 "$copy"
	cp -a "$(group_dir "$1")/mariadb" "$copy/mariadb" && cp -a "$(site_dir "$1")" "$copy/site"
}

# put_back GROUP COPY: the site as it was saved, whatever it was before; MariaDB and Redis run afterwards.
put_back() {
	local copy=$BENCH_DIR/$2 dir name
	dir=$(group_dir "$1")
	stop "$dir/mariadb.pid" KILL
	mkdir -p "$dir"
	rm -rf "$dir/mariadb" "$(site_dir "$1")"
	cp -a "$copy/mariadb" "$dir/mariadb" && cp -a "$copy/site" "$(site_dir "$1")" || return
	start_services "$1"
	for name in cache queue; do redis-cli -p "$(redis_port "$1" $name)" flushall >/dev/null || return; done
}

site_dir() { # GROUP
	[ "$1" = test ] && printf '%s' "$BENCH_DIR/test/sites/$TEST_SITE" || printf '%s' "$BENCH_DIR/sites/$DEMO_SITE"
}

# The test site with this checkout's DocTypes: made anew from the base when they changed.
make_test_site() {
	when_changed test-site "$(schema_fingerprint)" "Installing Clinic Booking on the test site" install_on_test_site
}

install_on_test_site() {
	put_back test base &&
		frappe test install-app clinic_booking &&
		frappe test set-config host_name "http://localhost:$TEST_WEB_PORT" &&
		frappe test execute frappe.utils.password.get_encryption_key &&
		stop_services test &&
		save_site test test/saved
}

# The demo clinic keeps its data: migrated when DocTypes or patches changed, and completed by the demo's own code.
make_demo_site() {
	once demo-site "Making the demo site" make_demo_base
	when_changed demo-address "$WEB_PORT $STRIPE_PORT" "Setting its address" set_demo_address
	when_changed demo "$(schema_fingerprint)$(fingerprint clinic_booking/setup)" \
		"Installing Clinic Booking with its demo clinic" install_demo
}

make_demo_base() {
	put_back demo base &&
		write_common_config demo &&
		frappe demo set-config db_socket "$BENCH_DIR/demo/mariadb.sock" &&
		frappe demo install-app clinic_booking
}

# Marks it as a demo as well, with keys that only the stand-in for Stripe knows (tests/fakes/stripe.py).
set_demo_address() {
	frappe demo set-config host_name "http://localhost:$WEB_PORT" &&
		frappe demo set-config --global --parse socketio_port $((WEB_PORT + 1000)) &&
		frappe demo set-config --parse clinic_booking_demo 1 &&
		frappe demo set-config --parse clinic_booking_stripe "{'address': 'http://localhost:$STRIPE_PORT',
			'secret_key': 'sk_test_of_the_clinic', 'webhook_secret': 'whsec_of_the_clinic'}"
}

install_demo() {
	frappe demo migrate &&
		frappe demo enable-scheduler &&
		frappe demo execute clinic_booking.setup.demo.make >"$BENCH_DIR/demo/logins.txt"
}
