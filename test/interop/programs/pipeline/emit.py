import sys

with open(sys.argv[1]) as file:
    sys.stdout.write(file.read())
