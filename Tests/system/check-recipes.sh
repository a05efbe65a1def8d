#!/usr/bin/env bash
# Tries the recipes of docs/operations.md, each on a Debian machine of its own with the package that
# it is about, and the package's own autopkgtest. Ends with "N passed, N failed" alone on a line.
# Usage: check-recipes.sh [RECIPE]...    RECIPE is a file name in recipes/ without ".sh"; all without
# CHECK_PACKAGE names another package than the one built from this tree.
. "$(dirname "$0")/../../scripts/environment.sh"
[ "$(id -u)" = 0 ] || exec sudo --preserve-env=CHECK_PACKAGE "$PWD/Tests/system/check-recipes.sh" "$@"
scripts/install-dependencies.sh system
. Tests/system/upstream.sh
. Tests/system/machine.sh
. Tests/system/assertions.sh
. Tests/system/furnish.sh

package=${CHECK_PACKAGE:-dotproxy.deb}
if [ -z "${CHECK_PACKAGE:-}" ]; then
    scripts/deb.sh # Always: an old package would be checked in the place of this tree.
fi

mkdir -p "$machine_state"
exec 9>"$machine_state/lock"
flock --timeout 1200 9 || fail "another check has been running for too long"
trap machine_end EXIT
trap 'exit 130' INT TERM

if [ $# = 0 ]; then
    mapfile -t recipes < <(basename --suffix=.sh Tests/system/recipes/*.sh)
    set -- "${recipes[@]}"
fi

results=$machine_state/results
: >"$results"
for recipe in "$@"; do
    file=Tests/system/recipes/$recipe.sh
    heading "$recipe"
    machine_make
    # shellcheck disable=SC2046 # words
    machine_install $(sed -n 's/^# Packages: //p' "$file") >"$machine_state/install.log" 2>&1 ||
        { cat "$machine_state/install.log" && fail "cannot install what $recipe needs"; }
    furnish "$package" Tests/system/recipe-parts/{00-words,10-begin}.sh "$file"
    copy_source "$machine_root/check/source"
    machine_boot 9>&- || fail "no machine to check on"
    run_steps 300
    rm "$machine_root/check/steps/10-begin.sh" "$machine_root/check/steps/$recipe.sh"
    cp Tests/system/recipe-parts/99-again.sh "$machine_root/check/steps/"
    machine_stop
    machine_boot 9>&- || fail "the machine did not come back"
    run_steps 60
    mv "$machine_state/journal.log" "$machine_state/$recipe.log"
    machine_end
done
echo "the journals are in ${machine_state#"$PWD/"}"
summary $(($# * 2))
