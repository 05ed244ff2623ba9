check:
    .ci/run
# Tests alone; `just test tidy` for one file of them.
test *FILE:
    cargo test {{ if FILE == "" { "" } else { "--test " + FILE } }}
# Rewrites the expected files; read `git diff` before committing.
bless:
    BLESS=1 cargo test
# In the profile of the tests, so that nothing is compiled twice.
bench:
    cargo bench --profile dev
# First passage beside numpy and numba; `benches/compare/README.md` says what it needs.
compare:
    cargo build
    DELEVERAGE_EXPORT={{ justfile_directory() }}/target/question \
        cargo bench --profile dev --bench passage
    target/compare/bin/python benches/compare/compare.py target/question \
        --binary target/debug/deleverage
# A thousand million positions: ten years of minutes, ten leverages, both sides, ten sizes.
billion:
    cargo build
    DELEVERAGE_EXPORT={{ justfile_directory() }}/target/billion DELEVERAGE_BARS=5260000 \
        cargo bench --profile dev --bench passage
    target/debug/deleverage run target/billion/many.toml --outcomes none \
        --out target/billion/report --force
demo:
    cargo run -- demo --force
# Renews the reports that the README shows.
example:
    cargo run -- demo --out reports/example --force
# Renews the report of a fund that the README shows; minutes.
example-fund:
    cargo run -- size scenarios/fund-sizing.toml --out reports/example-fund --force
# The heavy tests: whole months, minute by minute, against the reference loop.
month:
    cargo test -- --ignored
# The validation ladder; renews docs/validation.md and its CSV. V3 to V5 need the shared histories.
validate:
    cargo run -- validate scenarios/validation/*.toml scenarios/whale-2018.toml \
        scenarios/yfi-2023.toml scenarios/october-2025.toml scenarios/may-2021.toml \
        --worlds 200 --out docs/validation.md
# One parser for a minute: `just fuzz venue`.
fuzz TARGET:
    cargo +nightly fuzz run {{ TARGET }} -- -max_total_time=60
# Both engines on so many random positions of every venue, mode and side, and of random venues.
differential CASES="100000":
    DELEVERAGE_CASES={{ CASES }} cargo test --test differential -- --ignored --nocapture
# The auditor over so many random worlds.
soak CASES="1000000":
    DELEVERAGE_CASES={{ CASES }} cargo test --test exchange_laws -- --ignored --nocapture
# The auditor over so many worlds of the shipped scenarios.
audit CASES="1000":
    DELEVERAGE_CASES={{ CASES }} cargo test --test audit -- --ignored --nocapture
