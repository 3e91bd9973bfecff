import glob
import os

import cv2
import numpy as np
from PIL import Image

os.makedirs("out", exist_ok=True)
for path in sorted(glob.glob("data/[0-9].png")):
    image = cv2.imread(path)
    cv2.imwrite(os.path.join("out", os.path.basename(path)), cv2.Canny(image, 50, 100))
clip = cv2.VideoCapture("data/clip.avi")
frames = []
while True:
    there, frame = clip.read()
    if not there:
        break
    frames.append(frame)
clip.release()
Image.open("data/pil.png").convert("L").save("out/grey.png")
coder = cv2.VideoWriter("out/clip.avi", cv2.VideoWriter_fourcc(*"MJPG"), 5, (16, 16))
for frame in frames:
    coder.write(255 - frame)
coder.release()
settings = cv2.FileStorage("out/settings.yml", cv2.FILE_STORAGE_WRITE)
settings.write("mean", np.mean(frames))
settings.release()
print(len(frames))
