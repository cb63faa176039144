-- Who asked to be forgotten since the oldest backup that is still kept. A restore brings these people back, so this is
-- run after every restore. Running it again must find nothing left to do.
UPDATE customers SET name = 'erased', email = 'erased'
WHERE subject IN ('c7') AND name <> 'erased';
UPDATE orders SET address = 'erased'
WHERE customer IN ('c7') AND address <> 'erased';
