# world.sh - the words of tests/cases/lib.sh, in the folder where it is sourced, which stays.
here=$PWD
. "$SLUICE_SOURCE/tests/cases/lib.sh"
cd "$here"
rm -rf "$play"
play=$here
trap - EXIT
