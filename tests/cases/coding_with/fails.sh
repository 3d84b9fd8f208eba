# Answers one comment, says why it stops, and ends with a status that says so.
read codebook
read first
echo '{"comment_id": "the-gazette-2021-03-01-1", "stance": "for"}'
echo "the quota of today is used up" >&2
exit 3
