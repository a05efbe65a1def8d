#!/usr/bin/env bash
# Format, import directions, lengths, shell scripts, prose, man pages, units. All run; any may fail.
. "$(dirname "$0")/environment.sh"
scripts/install-dependencies.sh lint

failed=()
check() {
    local name=$1
    shift
    if "$@"; then
        echo "ok      $name"
    else
        echo "FAILED  $name"
        failed+=("$name")
    fi
}

mapfile -t folders < <(find Sources Tests Fuzz Benchmarks -maxdepth 0 2>/dev/null)

lint_swift() {
    swift format lint --strict --recursive Package.swift "${folders[@]}"
}

lint_shell() {
    local scripts
    mapfile -t scripts < <(
        find scripts Tests/system packaging/oci .ci -type f \( -name '*.sh' -o -path .ci/run \)
        find packaging/completion packaging/debian/tests/forward -type f
    )
    shellcheck --external-sources --source-path=SCRIPTDIR "${scripts[@]}"
}

# The formatter of man says little of bad markup and nothing by its exit code.
lint_man() {
    local page words
    for page in man/*.[1-9]; do
        words=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 \
            man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null)
        [ -z "$words" ] || { echo "$words" && return 1; }
    done
}

# At most 400 lines; a longer file holds more than one noun.
lint_lengths() {
    find "${folders[@]}" scripts -type f \
        \( -name '*.swift' -o -name '*.[ch]' -o -name '*.sh' -o -name '*.py' \) -exec wc -l {} + |
        awk '$2 != "total" && $1 > 400 { print; bad = 1 } END { exit bad }'
}

# At most 40 lines, from the name to the brace that stands as far to the left, where the formatter
# puts it. A requirement of a protocol has no body: it ends with whatever comes next.
lint_functions() {
    find Sources -type f -name '*.swift' -exec awk '
        FNR == 1 { start = 0 }
        start && match($0, /[^ ]/) && RSTART <= column && !/^ *(\)|where |\{)/ {
            if (/^ *}/ && FNR - start >= 40) {
                print FILENAME ":" start ": " FNR - start + 1 " lines"
                bad = 1
            }
            start = 0
        }
        !start && /^ *(@?[A-Za-z_()]+ )*(func |init[?(<]|deinit |subscript[(<])/ && !/}$/ {
            match($0, /[^ ]/)
            column = RSTART
            start = FNR
        }
        END { exit bad }' {} +
}

# Prose has 100 columns, as code has. Tables, blocks of code, headings, and lines that are one link
# or one word cannot be broken.
lint_prose() {
    find ./*.md docs -name '*.md' -exec awk '
        FNR == 1 { fenced = code = 0; blank = 1 }
        /^```/ { fenced = !fenced; next }
        fenced { next }
        /^$/ { blank = 1; next }
        { code = /^    / && (blank || code); blank = 0 }
        code || /^[|#]/ || length($0) <= 100 { next }
        {
            line = $0
            gsub(/\[[^]]*\]\([^)]*\)/, "link", line)
            sub(/^ *([-*] |[0-9]+\. )? */, "", line)
            if (line ~ / /) { print FILENAME ":" FNR ": " length($0) " columns"; bad = 1 }
        }
        END { exit bad }' {} +
}

# What the guide says about resolv.conf is what check-recipes does, line by line.
lint_recipes() {
    local line bad=0
    while read -r line; do
        grep -qF -- "$line" Tests/system/recipes/*.sh ||
            { echo "no recipe of Tests/system does what the guide says: $line" && bad=1; }
    done < <(
        sed -n '/^## How does the machine use it/,/^## How do other/s/^    //p' docs/operations.md |
            sed 's/ *#.*//'
    )
    return $bad
}

# The version of the package is the one that the daemon tells.
lint_version() {
    local version
    version=$(dpkg-parsechangelog --file packaging/debian/changelog --show-field Version)
    grep -q "static let text = \"$version\"" Sources/Service/ProgramOptions/Version.swift ||
        { echo "Version.swift does not say $version, as the changelog of the package does" && return 1; }
}

check "swift format" lint_swift
check "imports" scripts/lint-imports.sh
check "file lengths" lint_lengths
check "function lengths" lint_functions
check "shellcheck" lint_shell
check "prose" lint_prose
check "man pages" lint_man
check "version" lint_version
check "recipes" lint_recipes
check "units" scripts/lint-units.sh
[ ${#failed[@]} = 0 ] || fail "failed: ${failed[*]}"
