"""What people write in Python for a file of many SELECTs: a pool of processes, results collected and written in order.

    queries.py pool|joblib WORKERS FILE    (a SELECT a line; where to connect is in PG* variables)

pool: a connection a worker, kept, as MPIRE's worker state is used. joblib: a connection a query, as in its examples.
"""

import csv
import multiprocessing
import sys

import psycopg2

connection = None


def connect():
    global connection
    connection = psycopg2.connect("")
    connection.autocommit = True


def query(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def query_alone(sql):
    alone = psycopg2.connect("")
    try:
        with alone.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()
    finally:
        alone.close()


def results(how, workers, statements):
    if how == "joblib":
        import joblib

        return joblib.Parallel(n_jobs=workers)(joblib.delayed(query_alone)(sql) for sql in statements)
    with multiprocessing.Pool(workers, initializer=connect) as pool:
        return pool.map(query, statements)


def main():
    how, workers, path = sys.argv[1:]
    # A pool whose workers cannot connect makes new ones for ever.
    psycopg2.connect("").close()
    with open(path) as file:
        statements = [line for line in file if line.strip()]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    for rows in results(how, int(workers), statements):
        writer.writerows(rows)


main()
