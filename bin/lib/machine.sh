# What the machine needs: Debian or Ubuntu packages, and an unprivileged user when started as root.

# "command package": the package is installed when the command is missing.
NEEDED="
rsync rsync
git git
cc build-essential
mariadbd mariadb-server-core
mariadb mariadb-client-core
redis-server redis-server
node nodejs
npm npm
"
# Left out where the distribution has no such package; what needs them says so.
WANTED="
wkhtmltopdf wkhtmltopdf
chromium chromium
"
LIBRARIES="python3-venv python3-dev pkg-config libpangocairo-1.0-0 libpangoft2-1.0-0 fonts-dejavu-core"

prepare_machine() {
	install_packages
	if [ "$(id -u)" = 0 ] && ! getent passwd "$BENCH_USER" >/dev/null; then
		say "Creating the user $BENCH_USER (bench refuses to run as root)"
		useradd --create-home --shell /bin/bash "$BENCH_USER"
	fi
}

install_packages() {
	local missing=() wanted=() command package
	while read -r command package; do
		[ -z "$command" ] || PATH=$PATH:/usr/sbin command -v "$command" >/dev/null || missing+=("$package")
	done <<<"$NEEDED"
	for package in $LIBRARIES; do
		dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
	done
	while read -r command package; do
		[ -z "$command" ] || command -v "$command" >/dev/null || wanted+=("$package")
	done <<<"$WANTED"
	browser >/dev/null && wanted=("${wanted[@]/chromium/}")
	[ ${#missing[@]} = 0 ] && [ -z "${wanted[*]// /}" ] && return 0
	command -v apt-get >/dev/null || die "please install: ${missing[*]} ${wanted[*]}"

	local root=()
	if [ "$(id -u)" != 0 ]; then
		root=(sudo)
		if ! sudo -n true 2>/dev/null && ! { [ -t 0 ] && command -v sudo >/dev/null; }; then
			[ ${#missing[@]} = 0 ] && return 0
			die "please install as root: apt-get install ${missing[*]}"
		fi
	fi
	step "Reading the package lists" "${root[@]}" apt-get update -q
	local found=()
	for package in "${missing[@]}" ${wanted[*]}; do
		if is_available "$package"; then
			found+=("$package")
		elif [[ " ${missing[*]} " == *" $package "* ]]; then
			die "this machine's package lists have no $package"
		fi
	done
	[ ${#found[@]} = 0 ] && return 0
	local had_redis=0
	[ -e /etc/init.d/redis-server ] && had_redis=1
	step "Installing ${found[*]}" "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
		apt-get install -qy --no-install-recommends "${found[@]}"
	# The package starts a service that nobody asked for.
	if [ $had_redis = 0 ] && [ -e /etc/init.d/redis-server ]; then
		"${root[@]}" systemctl disable --now redis-server >/dev/null 2>&1 ||
			{ "${root[@]}" service redis-server stop; "${root[@]}" update-rc.d redis-server disable; } >/dev/null 2>&1 || true
	fi
}

is_available() {
	# On Ubuntu "chromium" only leads to a snap.
	[ "$1" = chromium ] && grep -q '^ID=ubuntu' /etc/os-release && return 1
	apt-cache show "$1" 2>/dev/null | grep -q '^Filename:'
}

# The browser the tests drive, if there is one.
browser() {
	command -v chromium || command -v chromium-browser || command -v google-chrome
}
