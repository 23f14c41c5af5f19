<?php
// Uses the guide's session.php from four processes.
// Arguments: site, username, password, seconds; the tokens are stored in the current folder.
require 'session.php';

[, $site, $username, $password, $seconds] = $argv;
$session = new Session($site, getcwd() . '/tokens');
if ($username !== '') {
    $session->logIn($username, $password);
    $workers = [];
    for ($number = 0; $number < 4; $number += 1) {
        // A worker has no password, only the file.
        $command = [PHP_BINARY, 'drive.php', $site, '', '', $seconds];
        $workers[] = [proc_open($command, [1 => ['pipe', 'w'], 2 => STDERR], $pipes), $pipes[1]];
    }
    $sum = [];
    foreach ($workers as [$worker, $output]) {
        foreach (json_decode(stream_get_contents($output), true) as $status => $count) {
            $sum[$status] = ($sum[$status] ?? 0) + $count;
        }
        if (proc_close($worker) !== 0) exit(1);
    }
    exit(json_encode($sum) . "\n");
}

$end = microtime(true) + (float) $seconds;
$statuses = [];
while (microtime(true) < $end) {
    [$status] = $session->request('GET', '/api/auth/me');
    $statuses[$status] = ($statuses[$status] ?? 0) + 1;
    // The interval in which this client polls.
    usleep(50_000);
}
echo json_encode($statuses, JSON_FORCE_OBJECT), "\n";
