# shellcheck shell=bash
# What the machine needs: Debian or Ubuntu packages, and an unprivileged user when started as root.

# "command package": the package is installed when the command is missing.
NEEDED="
rsync rsync
git git
cc build-essential
mariadbd mariadb-server-core
mariadb-dump mariadb-client
redis-server redis-server
node nodejs
npm npm
"
# Left out where the distribution has no such package; what needs them says so.
WANTED="
wkhtmltopdf wkhtmltopdf
chromium chromium
firefox-esr firefox-esr
"
LIBRARIES="python3-venv python3-dev pkg-config libpangocairo-1.0-0 libpangoft2-1.0-0 fonts-dejavu-core"

# Fails, having said why, where something cannot be installed.
prepare_machine() {
	local missing=() wanted=() package found=()
	read -ra missing <<<"$(missing_of "$NEEDED") $(missing_libraries)"
	read -ra wanted <<<"$(missing_of "$WANTED")"
	if [ ${#missing[@]} -gt 0 ] || { [ ${#wanted[@]} -gt 0 ] && [ -z "$(machine_obstacle)" ]; }; then
		install_packages || return
	fi
	if [ "$(id -u)" = 0 ] && ! getent passwd "$BENCH_USER" >/dev/null; then
		say "Creating the user $BENCH_USER (bench refuses to run as root)"
		useradd --create-home --shell /bin/bash "$BENCH_USER"
	fi
}

# machine_obstacle: prints why what is missing cannot be installed, or nothing.
machine_obstacle() {
	local missing
	missing=$(missing_of "$NEEDED")$(missing_libraries)
	[ -n "${missing// /}" ] || return 0
	if ! command -v apt-get >/dev/null; then
		say "these Debian packages, or their like, are missing: $missing"
	elif [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null && ! { [ -t 0 ] && command -v sudo >/dev/null; }; then
		say "these packages are missing, and installing them takes root: apt-get install $missing"
	fi
}

missing_of() { # LIST
	local command package
	while read -r command package; do
		[ -z "$command" ] || PATH=$PATH:/usr/sbin command -v "$command" >/dev/null ||
			{ [ "$package" = chromium ] && browser >/dev/null; } ||
			{ [ "$package" = firefox-esr ] && second_browser >/dev/null; } || printf '%s ' "$package"
	done <<<"$1"
}

missing_libraries() {
	local package
	for package in $LIBRARIES; do
		dpkg -s "$package" >/dev/null 2>&1 || printf '%s ' "$package"
	done
}

# Uses missing and wanted of prepare_machine.
install_packages() {
	local root=() package found=() had_redis=
	[ "$(id -u)" = 0 ] || root=(sudo)
	step "Reading the package lists" "${root[@]}" apt-get update -q || true # what matters is whether the packages can be had
	for package in "${missing[@]}" "${wanted[@]}"; do
		if is_available "$package"; then
			found+=("$package")
		elif [[ " ${missing[*]} " == *" $package "* ]]; then
			say "this machine's package lists have no $package"
			return 1
		fi
	done
	[ ${#found[@]} -gt 0 ] || return 0
	[ -e /etc/init.d/redis-server ] && had_redis=yes
	step "Installing ${found[*]}" "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
		apt-get install -qy --no-install-recommends "${found[@]}" || return
	# The package brings a service that nobody asked for; ours are started by ourselves.
	if [ -z "$had_redis" ] && [ -e /etc/init.d/redis-server ]; then
		{ "${root[@]}" service redis-server stop
			"${root[@]}" systemctl disable redis-server || "${root[@]}" update-rc.d redis-server disable; } >/dev/null 2>&1 || true
	fi
}

is_available() {
	# On Ubuntu "chromium" only leads to a snap.
	[ "$1" = chromium ] && grep -q '^ID=ubuntu' /etc/os-release && return 1
	apt-cache show "$1" 2>/dev/null | grep '^Filename:' >/dev/null # read to the end, or apt-cache breaks off
}

# The browser the tests drive, if there is one.
browser() {
	command -v chromium || command -v chromium-browser || command -v google-chrome
}

# The second one, for the booking path.
second_browser() {
	command -v firefox-esr || command -v firefox
}
