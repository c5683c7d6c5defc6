#!/bin/sh
# Make sure that there is a Chromium for the browser tests. $1 is the Python that has Playwright.
set -eu

for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then
    echo "Chromium: $(command -v "$name")"
    exit 0
  fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Chromium: installing Debian's package"
  apt-get update -qq
  apt-get install -qq -y --no-install-recommends chromium
  exit 0
fi
echo "Chromium: installing Playwright's own"
"$1" -m playwright install chromium
