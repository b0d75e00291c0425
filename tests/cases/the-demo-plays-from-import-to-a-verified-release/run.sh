. "$(dirname "$0")/../lib.sh"
expect 0 sh "$source_dir/examples/demo.sh"
says "the rows never left"
